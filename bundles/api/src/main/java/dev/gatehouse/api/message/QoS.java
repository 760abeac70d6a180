package dev.gatehouse.api.message;

/** How surely a message is delivered (MQTT 5.0, 4.3); the ordinal is the number on the wire. */
public enum QoS {
  AT_MOST_ONCE,
  AT_LEAST_ONCE,
  EXACTLY_ONCE;

  private static final QoS[] VALUES = values();

  /**
   * By number.
   *
   * @throws IllegalArgumentException unless 0, 1 or 2
   */
  public static QoS of(int level) {
    if (level < 0 || level > 2) {
      throw new IllegalArgumentException("QoS " + level + " is not 0, 1 or 2");
    }
    return VALUES[level];
  }

  /** The lower of two. */
  public QoS atMost(QoS limit) {
    return compareTo(limit) <= 0 ? this : limit;
  }
}
