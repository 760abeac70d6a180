package dev.gatehouse.api.session;

/** Why a connection ended. */
public enum SessionEnd {
  /** The client said goodbye: the will is discarded. */
  CLIENT_INITIATED("CLIENT_INITIATED_DISCONNECT", false),
  /** The client said goodbye and asked for its will (MQTT 5 reason 0x04). */
  CLIENT_INITIATED_WITH_WILL("CLIENT_INITIATED_DISCONNECT", true),
  /** The socket closed without a word. */
  CONNECTION_LOST("CONNECTION_LOST", true),
  /** Nothing heard for one and a half keep-alives. */
  KEEP_ALIVE_TIMEOUT("MQTT_KEEP_ALIVE_TIMEOUT", true),
  /** Another connection took the client id. */
  TAKEN_OVER("DUPLICATE_CLIENTID", true),
  /** The client broke the protocol. */
  PROTOCOL_ERROR("CLIENT_ERROR", true),
  /** The client did what its policies do not allow. */
  NOT_AUTHORIZED("FORBIDDEN_ACCESS", true),
  /** The client's principal was deactivated, revoked or deleted. */
  PRINCIPAL_INVALIDATED("AUTH_ERROR", true),
  /** The client exceeded a limit. */
  LIMIT_EXCEEDED("THROTTLED", true),
  /** The gateway or one of its parts is going down. */
  SERVER_SHUTDOWN("SERVER_INITIATED_DISCONNECT", true),
  /** The gateway failed. */
  SERVER_ERROR("SERVER_ERROR", true);

  private final String lifecycleReason;
  private final boolean publishesWill;

  SessionEnd(String lifecycleReason, boolean publishesWill) {
    this.lifecycleReason = lifecycleReason;
    this.publishesWill = publishesWill;
  }

  /** {@code disconnectReason} of the lifecycle event. */
  public String lifecycleReason() {
    return lifecycleReason;
  }

  /** Whether the will is published. */
  public boolean publishesWill() {
    return publishesWill;
  }
}
