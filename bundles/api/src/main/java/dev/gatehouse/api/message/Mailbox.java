package dev.gatehouse.api.message;

/**
 * How messages wait for an internal subscriber.
 *
 * @param name for threads, logs and metrics
 * @param capacity messages that may wait, at least 1
 * @param overflow what happens when it is full
 * @param confirmed whether the publisher of a QoS 1 or 2 message waits for the handler's stage
 */
public record Mailbox(String name, int capacity, Overflow overflow, boolean confirmed) {

  /**
   * Validates.
   *
   * @throws IllegalArgumentException if the capacity is not positive
   */
  public Mailbox {
    if (capacity < 1) {
      throw new IllegalArgumentException(
          "mailbox '" + name + "' has capacity " + capacity + ", at least 1 is needed");
    }
  }

  /** What a full mailbox does with the next message; each is counted. */
  public enum Overflow {
    /** The publisher is told {@link PublishOutcome#QUOTA_EXCEEDED}; a QoS 0 message is dropped. */
    REFUSE,
    /** The oldest waiting message gives way. */
    DROP_OLDEST,
    /** The new message is dropped. */
    DROP_NEWEST
  }
}
