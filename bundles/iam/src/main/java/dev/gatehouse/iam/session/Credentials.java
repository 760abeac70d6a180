package dev.gatehouse.iam.session;

import java.time.Instant;

/** Credentials that end; not for logs. */
public record Credentials(
    String accessKeyId, String secretAccessKey, String sessionToken, Instant expiration) {

  @Override
  public String toString() {
    return accessKeyId;
  }
}
