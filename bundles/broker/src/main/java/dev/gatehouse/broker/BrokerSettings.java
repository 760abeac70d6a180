package dev.gatehouse.broker;

import java.time.Duration;

/** The configuration, checked, in bytes and durations. */
record BrokerSettings(
    int maxSessions,
    int maxSubscriptionsPerSession,
    Limit queue,
    Limit buffer,
    long sharedBufferBytes,
    long memoryBytes,
    Limit retained,
    int mailboxThreads,
    int cachedTopics,
    Duration grace,
    boolean parentMatch,
    long retrySeconds) {

  /** For {@code sharedBufferBytes}: half of what all sessions may have in memory. */
  static final long HALF_OF_MEMORY = -1;

  /** Of memory: as much as the memory budget has, which is less. */
  private static final long BY_BUDGET = 10_000_000L * 1024;

  /** A bound on a number of messages and on their size together. */
  record Limit(int messages, long bytes) {}

  BrokerSettings {
    range("maxSessions", maxSessions, 1, 10_000_000);
    range("maxSubscriptionsPerSession", maxSubscriptionsPerSession, 1, 1_000_000);
    range("queueMessages", queue.messages(), 1, 10_000_000);
    range("queueKilobytes", queue.bytes() / 1024, 1, 10_000_000);
    range("bufferMessages", buffer.messages(), 1, 1_000_000);
    range("bufferKilobytes", buffer.bytes() / 1024, 1, 1_000_000);
    if (sharedBufferBytes != HALF_OF_MEMORY) {
      range("sharedBufferKilobytes", sharedBufferBytes / 1024, 0, 10_000_000);
    }
    range("memoryKilobytes", memoryBytes / 1024, 64, 10_000_000);
    range("maxRetainedMessages", retained.messages(), 0, 10_000_000);
    range("retainedKilobytes", retained.bytes() / 1024, 0, 10_000_000);
    range("mailboxThreads", mailboxThreads, 1, 64);
    range("cachedTopics", cachedTopics, 0, 1_000_000);
    range("graceSeconds", grace.toSeconds(), 0, 86_400);
    range("retrySeconds", retrySeconds, 0, 31_536_000);
  }

  static BrokerSettings of(BrokerConfig config) {
    boolean guide = config.profile().equals("aws-iot-2016");
    if (!guide && !config.profile().equals("full")) {
      throw new IllegalArgumentException(
          "profile is '" + config.profile() + "'; it must be full or aws-iot-2016");
    }
    return new BrokerSettings(
        config.maxSessions(),
        config.maxSubscriptionsPerSession() == -1
            ? guide ? 50 : 10_000
            : config.maxSubscriptionsPerSession(),
        new Limit(config.queueMessages(), config.queueKilobytes() * 1024L),
        new Limit(config.bufferMessages(), config.bufferKilobytes() * 1024L),
        config.sharedBufferKilobytes() == -1
            ? HALF_OF_MEMORY
            : config.sharedBufferKilobytes() * 1024L,
        bytes(config.memoryKilobytes()),
        new Limit(config.maxRetainedMessages(), bytes(config.retainedKilobytes())),
        config.mailboxThreads(),
        config.cachedTopics(),
        Duration.ofSeconds(config.graceSeconds()),
        config.parentMatch() && !guide,
        config.retrySeconds() == -1 ? guide ? 3_600 : 0 : config.retrySeconds());
  }

  private static long bytes(int kilobytes) {
    return kilobytes == -1 ? BY_BUDGET : kilobytes * 1024L;
  }

  private static void range(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " is " + value + "; it must be from " + least + " to " + most);
    }
  }
}
