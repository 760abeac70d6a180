package dev.gatehouse.rules.sql;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;

/** Digests and base64. */
final class HashFunctions {
  private static final HexFormat HEX = HexFormat.of();
  private static final Value BASE64 = new Value.Text("base64");

  private HashFunctions() {}

  static void addTo(Map<String, Function> all) {
    all.put("md2", digest("MD2"));
    all.put("md5", digest("MD5"));
    all.put("sha1", digest("SHA-1"));
    all.put("sha224", digest("SHA-224"));
    all.put("sha256", digest("SHA-256"));
    all.put("sha384", digest("SHA-384"));
    all.put("sha512", digest("SHA-512"));
    all.put("encode", HashFunctions::encode);
    all.put("decode", HashFunctions::decode);
  }

  private static Function digest(String algorithm) {
    ThreadLocal<MessageDigest> digests = ThreadLocal.withInitial(() -> instance(algorithm));
    return (evaluation, arguments) -> {
      String text = arguments.length == 1 ? Convert.text(arguments[0], evaluation) : null;
      if (text == null) {
        return Value.UNDEFINED;
      }
      evaluation.spend(text.length() / 16 + 8);
      evaluation.build(text.length()); // the copy in UTF-8
      return new Value.Text(
          HEX.formatHex(digests.get().digest(text.getBytes(StandardCharsets.UTF_8))));
    };
  }

  private static MessageDigest instance(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no " + algorithm, e);
    }
  }

  private static Value encode(Evaluation evaluation, Value[] arguments) {
    String text =
        arguments.length == 2 && arguments[1].equals(BASE64)
            ? Convert.text(arguments[0], evaluation)
            : null;
    return text == null
        ? Value.UNDEFINED
        : base64(text.getBytes(StandardCharsets.UTF_8), evaluation);
  }

  /** Bytes as base64. */
  static Value base64(byte[] bytes, Evaluation evaluation) {
    evaluation.buildText((bytes.length + 2L) / 3 * 4);
    return new Value.Text(Base64.getEncoder().encodeToString(bytes));
  }

  private static Value decode(Evaluation evaluation, Value[] arguments) {
    if (arguments.length != 2 || !arguments[1].equals(BASE64)) {
      return Value.UNDEFINED;
    }
    if (!(arguments[0] instanceof Value.Text text)) {
      return Value.NULL;
    }
    evaluation.build(text.value().length() * 2L); // as bytes, and decoded
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text.value());
    } catch (IllegalArgumentException e) {
      return Value.NULL;
    }
    evaluation.spend(bytes.length / 16);
    Value json = Json.parse(bytes, evaluation);
    if (json != null) {
      return json;
    }
    String decoded = evaluation.utf8(bytes);
    return decoded == null ? Value.NULL : new Value.Text(decoded);
  }
}
