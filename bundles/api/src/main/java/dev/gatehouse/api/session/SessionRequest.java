package dev.gatehouse.api.session;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a CONNECT asks for.
 *
 * @param clientId not empty; assigned by the edge if the client sent none
 * @param cleanStart whether an older session is discarded
 * @param expirySeconds how long the session outlives the connection; 0: not at all, {@link
 *     #NEVER_EXPIRES}: for ever (an MQTT 3.1.1 session that is not clean)
 * @param receiveMaximum how many QoS 1 and 2 messages the client takes unacknowledged, 1 to 65,535
 * @param source address of the peer
 */
public record SessionRequest(
    Account account,
    String clientId,
    Principal principal,
    boolean cleanStart,
    long expirySeconds,
    int receiveMaximum,
    @Nullable Will will,
    InetAddress source) {

  /** MQTT 5's 0xFFFFFFFF. */
  public static final long NEVER_EXPIRES = 0xFFFF_FFFFL;

  /**
   * Validates.
   *
   * @throws IllegalArgumentException if a number is out of range or the client id empty
   */
  public SessionRequest {
    if (clientId.isEmpty()) {
      throw new IllegalArgumentException("client id must not be empty");
    }
    if (expirySeconds < 0 || expirySeconds > NEVER_EXPIRES) {
      throw new IllegalArgumentException(
          "session expiry " + expirySeconds + " s is not 0 to " + NEVER_EXPIRES);
    }
    if (receiveMaximum < 1 || receiveMaximum > 65_535) {
      throw new IllegalArgumentException(
          "receive maximum " + receiveMaximum + " is not 1 to 65535");
    }
  }
}
