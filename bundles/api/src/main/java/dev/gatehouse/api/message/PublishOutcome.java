package dev.gatehouse.api.message;

/** What became of a published message. The edge that published it turns this into its protocol. */
public enum PublishOutcome {
  /** Handed to every subscriber, and durable for those that need it to be. */
  DELIVERED,
  /** Nobody subscribed; a success (MQTT 5 reason 0x10). */
  NO_SUBSCRIBERS,
  /** A {@code $aws/} topic whose owner is not here, or that nobody owns (0x87, 0x90). */
  RESERVED_TOPIC_UNCLAIMED,
  /** An internal subscriber whose mailbox refuses when full, or a memory limit (0x97). */
  QUOTA_EXCEEDED,
  /** The store cannot make it durable now; QoS 0 subscribers may have got it (0x97). */
  STORE_UNAVAILABLE;

  /** True if the publisher may forget the message. */
  public boolean success() {
    return this == DELIVERED || this == NO_SUBSCRIBERS;
  }
}
