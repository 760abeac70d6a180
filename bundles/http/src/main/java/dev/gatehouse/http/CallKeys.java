package dev.gatehouse.http;

import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.http.sigv4.SignatureVerifier;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The condition keys that a call over HTTPS has (IAM User Guide: global condition keys). */
final class CallKeys {
  private CallKeys() {}

  /**
   * The keys of a call.
   *
   * @param issued when the session was issued that signed it; null if none did
   */
  static Map<String, String> of(Call call, Principal caller, @Nullable Instant issued) {
    Map<String, String> keys = new HashMap<>();
    keys.put("aws:SourceIp", call.sourceIp());
    keys.put("aws:SecureTransport", "true");
    header(call, "user-agent", "aws:UserAgent", keys);
    header(call, "referer", "aws:Referer", keys);
    if (issued != null) {
      keys.put("aws:TokenIssueTime", issued.toString());
    }
    if (caller instanceof Principal.Certificate certificate) {
      keys.put("iot:CertificateId", certificate.certificateId());
    }
    return keys;
  }

  /** The keys of who opens a WebSocket, that hold as long as its connection. */
  static Map<String, String> of(Call call, SignatureVerifier.Verified verified) {
    return Map.copyOf(of(call, verified.principal(), verified.issued()));
  }

  private static void header(Call call, String name, String key, Map<String, String> keys) {
    List<String> values = call.request().headers().getOrDefault(name, List.of());
    if (!values.isEmpty()) {
      keys.put(key, values.get(0));
    }
  }
}
