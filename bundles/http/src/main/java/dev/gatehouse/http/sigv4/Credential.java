package dev.gatehouse.http.sigv4;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request says of its signature, from its header or its query.
 *
 * @param date of the scope, {@code yyyyMMdd}
 * @param timestamp of the signature, {@code yyyyMMddTHHmmssZ}
 * @param presigned whether it came in the query
 * @param expiresSeconds how long a presigned request holds
 */
record Credential(
    String accessKeyId,
    String date,
    String region,
    String service,
    List<String> signedHeaders,
    String signature,
    String timestamp,
    @Nullable String sessionToken,
    boolean presigned,
    long expiresSeconds) {

  String scope() {
    return date + "/" + region + "/" + service + "/aws4_request";
  }
}
