package dev.gatehouse.api.identity;

/** What an {@link Authenticator} answers. */
public sealed interface Authentication {

  /** The caller is who it says. */
  record Accepted(Principal principal) implements Authentication {}

  /**
   * The caller is not let in.
   *
   * @param reason for the log and, where the protocol has room, for the caller
   */
  record Refused(Reason reason, String message) implements Authentication {}

  /**
   * The certificate was unknown but signed by a CA that registers on sight; it is now pending
   * activation, and this connection is closed (guide: Just-in-Time Registration).
   */
  record Registered(String certificateId) implements Authentication {}

  /** Why a caller is refused. */
  enum Reason {
    NO_CREDENTIALS,
    UNKNOWN_CERTIFICATE,
    INACTIVE_CERTIFICATE,
    REVOKED_CERTIFICATE,
    EXPIRED_CERTIFICATE,
    UNKNOWN_SIGNER,
    ANONYMOUS_NOT_ALLOWED,
    UNAVAILABLE
  }
}
