package dev.gatehouse.api.message;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;

/**
 * One published message. One instance goes to all its subscribers.
 *
 * @param account the scope that it stays in
 * @param retain whether its publisher asked for it to be retained
 * @param timeMillis when the gateway took it, milliseconds since the epoch
 * @param hops how many rules it came through, 0 from outside; loops end at {@link #MAX_HOPS}. Who
 *     publishes because of a message passes its hops on
 */
public record Message(
    Account account,
    TopicName topic,
    Payload payload,
    QoS qos,
    boolean retain,
    MessageProperties properties,
    Origin origin,
    long timeMillis,
    TraceId traceId,
    int hops) {

  /** The record with its topic, payload and trace, and its place in a queue. */
  private static final int OBJECT_BYTES = 200;

  /** A message that came through more rules than this is in a loop. */
  public static final int MAX_HOPS = 10;

  /**
   * Validates.
   *
   * @throws IllegalArgumentException if the hops are out of range
   */
  public Message {
    if (hops < 0 || hops > MAX_HOPS) {
      throw new IllegalArgumentException(
          "message passed " + hops + " rules, at most " + MAX_HOPS + " are allowed");
    }
  }

  /** A message that a part of the gateway publishes: QoS 0, not retained, no properties. */
  public static Message internal(
      Account account, String component, TopicName topic, Payload payload, long timeMillis) {
    return new Message(
        account,
        topic,
        payload,
        QoS.AT_MOST_ONCE,
        false,
        MessageProperties.NONE,
        Origin.of(new Principal.Component(account, component)),
        timeMillis,
        TraceId.next(),
        0);
  }

  /**
   * The same message on account of another one, of which it takes the hops.
   *
   * @throws IllegalArgumentException if the hops are out of range
   */
  public Message withHops(int other) {
    return new Message(
        account, topic, payload, qos, retain, properties, origin, timeMillis, traceId, other);
  }

  /**
   * About the bytes of heap that the message takes, for the memory budget. Text counts two bytes a
   * character, which it takes unless all of it is Latin-1.
   */
  public long heapBytes() {
    return OBJECT_BYTES + payload.length() + 2L * topic.value().length() + properties.heapBytes();
  }

  /** The same message with another QoS. */
  public Message withQos(QoS other) {
    return new Message(
        account, topic, payload, other, retain, properties, origin, timeMillis, traceId, hops);
  }
}
