package dev.gatehouse.api.identity;

import org.osgi.annotation.versioning.ConsumerType;

/** Whiteboard: told when a principal may no longer be connected, so that an edge ends it. */
@ConsumerType
public interface PrincipalObserver {

  /**
   * The principal was deactivated, revoked or deleted. Called on the identity's own thread; must
   * not block.
   *
   * @param reason for the log, such as {@code certificate revoked}
   */
  void invalidated(Principal principal, String reason);

  /**
   * An access key was deactivated or deleted: what was signed with it ends, what its owner signed
   * with another goes on. As {@link #invalidated}.
   */
  default void keyInvalidated(String accessKeyId, String reason) {}
}
