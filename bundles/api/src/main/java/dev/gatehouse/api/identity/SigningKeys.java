package dev.gatehouse.api.identity;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** Keys to verify AWS Signature Version 4 with. The secret itself never leaves its owner. */
@ProviderType
public interface SigningKeys {

  /**
   * The key derived for one credential scope.
   *
   * @param accessKeyId such as {@code AKIA…}
   * @param date {@code yyyyMMdd}
   * @param region of the scope
   * @param service of the scope
   * @param sessionToken the token sent along, null if none was
   * @return empty if there is no such active key, or the token does not go with it
   * @throws dev.gatehouse.api.error.ServiceException EXPIRED_TOKEN if the session has ended
   */
  Optional<SigningKey> signingKey(
      String accessKeyId,
      String date,
      String region,
      String service,
      @Nullable String sessionToken);

  /**
   * A call was signed with a key, and the signature was right. Never blocks.
   *
   * @param region of the scope
   * @param service of the scope
   */
  default void used(String accessKeyId, String region, String service) {}

  /** A derived key and whose it is. */
  final class SigningKey {
    private final Principal principal;
    private final byte[] key;
    private final @Nullable Instant issued;

    /** A key that holds until it is withdrawn. Takes ownership of {@code key}, 32 bytes. */
    public SigningKey(Principal principal, byte[] key) {
      this(principal, key, null);
    }

    /** The key of a session. Takes ownership of {@code key}, 32 bytes. */
    public SigningKey(Principal principal, byte[] key, @Nullable Instant issued) {
      this.principal = principal;
      this.key = key;
      this.issued = issued;
    }

    /** When the session was issued that the key belongs to; empty for a user's own key. */
    public Optional<Instant> issued() {
      return Optional.ofNullable(issued);
    }

    /** Whose key it is. */
    public Principal principal() {
      return principal;
    }

    /** The 32-byte HMAC key; do not modify. */
    public byte[] key() {
      return key;
    }
  }
}
