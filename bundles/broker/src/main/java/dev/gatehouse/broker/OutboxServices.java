package dev.gatehouse.broker;

import dev.gatehouse.api.memory.MemoryShare;
import java.util.function.Supplier;

/**
 * What the outboxes of all sessions work with.
 *
 * @param memory for messages on their way to clients
 * @param waiters sessions that need more of it than there is
 */
record OutboxServices(
    Supplier<BrokerSettings> settings,
    Counters counters,
    Lifetime lifetime,
    MemoryShare memory,
    MemoryWaiters waiters) {

  /** Bytes of messages for all sessions together. */
  long memoryBytes() {
    return Math.min(settings.get().memoryBytes(), memory.limitBytes());
  }

  /** Bytes up to which one session may have more than its own part. */
  long sharedBytes() {
    long shared = settings.get().sharedBufferBytes();
    return shared == BrokerSettings.HALF_OF_MEMORY ? memoryBytes() / 2 : shared;
  }
}
