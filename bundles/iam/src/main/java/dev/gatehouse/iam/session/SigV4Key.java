package dev.gatehouse.iam.session;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The signing key of AWS Signature Version 4, derived from a secret for one credential scope. */
public final class SigV4Key {
  private SigV4Key() {}

  /** Derives it: 32 bytes. */
  public static byte[] derive(byte[] secret, String date, String region, String service)
      throws GeneralSecurityException {
    byte[] prefix = "AWS4".getBytes(StandardCharsets.US_ASCII);
    byte[] key = new byte[prefix.length + secret.length];
    System.arraycopy(prefix, 0, key, 0, prefix.length);
    System.arraycopy(secret, 0, key, prefix.length, secret.length);
    for (String part : new String[] {date, region, service, "aws4_request"}) {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      key = mac.doFinal(part.getBytes(StandardCharsets.UTF_8));
    }
    return key;
  }
}
