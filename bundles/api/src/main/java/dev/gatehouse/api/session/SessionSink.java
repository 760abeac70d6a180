package dev.gatehouse.api.session;

import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.QoS;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The edge's side of a connection. Called from any thread while the broker holds the session's own
 * lock: never block, never call back into the session from inside.
 */
@ConsumerType
public interface SessionSink {

  /**
   * Sends one message. The edge checks {@code iot:Receive} first.
   *
   * @param qos the lower of the message's and the subscription's
   * @param packetId 1 to 65,535, or 0 for QoS 0
   * @param retain the RETAIN flag to send
   * @param duplicate the DUP flag to send
   * @param subscriptionIds of the matching subscriptions, often empty
   */
  Delivery deliver(
      Message message,
      QoS qos,
      int packetId,
      boolean retain,
      boolean duplicate,
      List<Integer> subscriptionIds);

  /**
   * Sends PUBREL for a QoS 2 message that the client received; after a reconnect perhaps again.
   *
   * @param packetId of the delivery
   */
  void release(int packetId);

  /** The session ends from the broker's side; the edge tells the client and closes. */
  void end(SessionEnd reason);

  /** What became of a delivery. */
  enum Delivery {
    /** On its way. */
    SENT,
    /** On its way, and the connection wants no more until {@link Session#resume}. */
    BUSY,
    /** The client may not receive it, or it is larger than the client takes: drop it. */
    REFUSED
  }
}
