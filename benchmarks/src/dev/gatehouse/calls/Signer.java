package dev.gatehouse.calls;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signature version 4 over host and date; of one thread. Paths need no encoding here. */
final class Signer {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final HexFormat HEX = HexFormat.of();

  private final String keyId;
  private final String secret;
  private final String scope;
  private String day = "";
  private byte[] key = {};

  Signer(String keyId, String secret, String region, String service) {
    this.keyId = keyId;
    this.secret = secret;
    this.scope = "/" + region + "/" + service + "/aws4_request";
  }

  /** The headers that sign a request: x-amz-date and authorization. */
  String headers(String method, String path, String query, String host, byte[] body)
      throws GeneralSecurityException {
    String time = TIME.format(Instant.now());
    String canonical =
        String.join(
            "\n",
            method,
            path,
            query,
            "host:" + host,
            "x-amz-date:" + time,
            "",
            "host;x-amz-date",
            HEX.formatHex(MessageDigest.getInstance("SHA-256").digest(body)));
    String today = time.substring(0, 8);
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.UTF_8));
    String toSign =
        String.join("\n", "AWS4-HMAC-SHA256", time, today + scope, HEX.formatHex(digest));
    return "x-amz-date: "
        + time
        + "\r\nAuthorization: AWS4-HMAC-SHA256 Credential="
        + keyId
        + "/"
        + today
        + scope
        + ", SignedHeaders=host;x-amz-date, Signature="
        + HEX.formatHex(mac(key(today), toSign))
        + "\r\n";
  }

  private byte[] key(String today) throws GeneralSecurityException {
    if (!day.equals(today)) {
      byte[] next = mac(("AWS4" + secret).getBytes(StandardCharsets.UTF_8), today);
      for (String part : scope.substring(1).split("/")) {
        next = mac(next, part);
      }
      key = next;
      day = today;
    }
    return key;
  }

  private static byte[] mac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }
}
