package dev.gatehouse.iam.session;

import java.security.SecureRandom;
import java.util.Base64;

/** Ids and secrets that nobody can guess. */
public final class Ids {
  private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final SecureRandom RANDOM = new SecureRandom();

  private Ids() {}

  /** A prefix, then sixteen characters of base 32. */
  public static String next(String prefix) {
    StringBuilder text = new StringBuilder(prefix);
    for (int i = 0; i < 16; i++) {
      text.append(BASE32.charAt(RANDOM.nextInt(BASE32.length())));
    }
    return text.toString();
  }

  /** A secret of 40 characters, 240 bits. */
  public static String secret() {
    byte[] bytes = new byte[30];
    RANDOM.nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }
}
