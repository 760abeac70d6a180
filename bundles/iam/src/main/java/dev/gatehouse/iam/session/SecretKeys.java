package dev.gatehouse.iam.session;

import dev.gatehouse.iam.directory.AccessKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;

/** Access keys, whose secrets are sealed wherever they are kept. */
public final class SecretKeys {
  private final Seal seal;

  /** Seals with this. */
  public SecretKeys(Seal seal) {
    this.seal = seal;
  }

  /** A new key, and its secret, which is told once; not for logs. */
  public record Made(AccessKey key, String secretAccessKey) {
    @Override
    public String toString() {
      return key.id();
    }
  }

  /** Makes one. */
  public Made make(long nowMillis) {
    String secret = Ids.secret();
    return new Made(sealed(Ids.next("AKIA"), secret, nowMillis), secret);
  }

  /** A key whose secret is known. */
  private AccessKey sealed(String id, String secret, long nowMillis) {
    try {
      byte[] sealed = seal.close(secret.getBytes(StandardCharsets.US_ASCII));
      return new AccessKey(id, true, nowMillis, Base64.getEncoder().encodeToString(sealed));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a secret cannot be sealed", e);
    }
  }

  /** A key that belongs to nobody, to spend the same time on. */
  public AccessKey nobodys() {
    return sealed("", "0".repeat(40), 0);
  }

  /**
   * The secret.
   *
   * @throws GeneralSecurityException if it was sealed with another key
   */
  public byte[] secret(AccessKey key) throws GeneralSecurityException {
    return seal.open(Base64.getDecoder().decode(key.sealed()));
  }

  /** The key to sign with in a scope. */
  public byte[] signingKey(AccessKey key, String date, String region, String service) {
    try {
      return SigV4Key.derive(secret(key), date, region, service);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the access key " + key.id() + " cannot be opened", e);
    }
  }
}
