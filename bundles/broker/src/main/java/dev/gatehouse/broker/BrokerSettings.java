package dev.gatehouse.broker;

/** {@link BrokerConfig}, validated. */
record BrokerSettings(
    int maxSessions,
    int maxSubscriptionsPerSession,
    int maxQueuedMessages,
    long maxQueuedBytes,
    int maxRetained,
    int mailboxThreads) {

  static BrokerSettings of(BrokerConfig config) {
    return new BrokerSettings(
        within("maxSessions", config.maxSessions(), 1, 1_000_000),
        within("maxSubscriptionsPerSession", config.maxSubscriptionsPerSession(), 1, 100_000),
        within("maxQueuedMessages", config.maxQueuedMessages(), 1, 10_000_000),
        (long) within("maxQueuedKilobytes", config.maxQueuedKilobytes(), 1, 10_000_000) << 10,
        within("maxRetained", config.maxRetained(), 0, 1_000_000),
        within("mailboxThreads", config.mailboxThreads(), 1, 64));
  }

  private static int within(String name, int value, int lowest, int highest) {
    if (value < lowest || value > highest) {
      throw new IllegalArgumentException(
          "dev.gatehouse.broker: %s is %d, not %d to %d".formatted(name, value, lowest, highest));
    }
    return value;
  }
}
