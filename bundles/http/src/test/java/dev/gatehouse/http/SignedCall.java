package dev.gatehouse.http;

import dev.gatehouse.http.EdgeHarness.Answer;
import dev.gatehouse.http.EdgeHarness.Client;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A call that is signed with a key of zeros. The query must be in its canonical order. */
final class SignedCall {
  static final byte[] KEY = new byte[32];

  private final String service;
  private final String method;
  private final String path;
  private final String query;
  private final Map<String, String> headers = new TreeMap<>();
  private byte[] body = new byte[0];
  private String before = "";

  SignedCall(String service, String method, String target) {
    this.service = service;
    this.method = method;
    int question = target.indexOf('?');
    this.path = question < 0 ? target : target.substring(0, question);
    this.query = question < 0 ? "" : target.substring(question + 1);
    header("host", "localhost");
    header(
        "x-amz-date",
        DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'")
            .format(LocalDateTime.now(ZoneOffset.UTC)));
  }

  SignedCall header(String name, String value) {
    headers.put(name.toLowerCase(Locale.ROOT), value);
    return this;
  }

  /** Puts text before the credential. */
  SignedCall before(String text) {
    before = text;
    return this;
  }

  SignedCall body(byte[] bytes) {
    body = bytes;
    return this;
  }

  SignedCall body(String text) {
    return body(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends it and reads the answer. */
  Answer send(Client client) throws IOException, GeneralSecurityException {
    return send(client, body.length);
  }

  /** Sends it with another length than its body has. */
  Answer send(Client client, int length) throws IOException, GeneralSecurityException {
    List<String> lines = new ArrayList<>();
    lines.add(method + " " + path + (query.isEmpty() ? "" : "?" + query) + " HTTP/1.1");
    headers.forEach((name, value) -> lines.add(name + ": " + value));
    lines.add("content-length: " + length);
    lines.add("authorization: " + authorization());
    client
        .request(lines.toArray(String[]::new))
        .send(new String(body, StandardCharsets.ISO_8859_1));
    return client.answer(method.equals("HEAD"));
  }

  private String authorization() throws GeneralSecurityException {
    String time = headers.get("x-amz-date");
    String scope = time.substring(0, 8) + "/us-east-1/" + service + "/aws4_request";
    StringBuilder canonical = new StringBuilder();
    canonical.append(method).append('\n').append(path).append('\n').append(query).append('\n');
    headers.forEach((name, value) -> canonical.append(name + ":" + value + "\n"));
    String names = String.join(";", headers.keySet());
    canonical.append('\n').append(names).append('\n').append(hex(body));
    String toSign =
        "AWS4-HMAC-SHA256\n"
            + time
            + "\n"
            + scope
            + "\n"
            + hex(canonical.toString().getBytes(StandardCharsets.UTF_8));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
    byte[] signature = mac.doFinal(toSign.getBytes(StandardCharsets.UTF_8));
    return "AWS4-HMAC-SHA256 "
        + before
        + "Credential=AKIAX/"
        + scope
        + ", SignedHeaders="
        + names
        + ", Signature="
        + HexFormat.of().formatHex(signature);
  }

  private static String hex(byte[] bytes) throws GeneralSecurityException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
