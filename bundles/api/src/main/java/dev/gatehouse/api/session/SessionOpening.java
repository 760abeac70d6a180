package dev.gatehouse.api.session;

/** What {@link Sessions#open} answers. */
public sealed interface SessionOpening {

  /**
   * The session is there.
   *
   * @param present whether it existed before (CONNACK's session present)
   */
  record Opened(Session session, boolean present) implements SessionOpening {}

  /** It is not. */
  record Refused(Reason reason, String message) implements SessionOpening {}

  /** Why not. */
  enum Reason {
    /** The store cannot keep a persistent session now. */
    STORE_UNAVAILABLE,
    /** More sessions than the gateway may hold. */
    QUOTA_EXCEEDED
  }
}
