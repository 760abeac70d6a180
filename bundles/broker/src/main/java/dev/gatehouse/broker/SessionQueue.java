package dev.gatehouse.broker;

import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.Queue;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.broker.MessageCodec.Queued;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session's place in the store. Acknowledged entries are trimmed a moment later, many at once: a
 * crash before that delivers them again, as QoS 1 allows.
 */
final class SessionQueue {
  private static final Logger LOG = LoggerFactory.getLogger(SessionQueue.class);
  private static final long TRIM_MILLIS = 500;

  private final SessionKey key;
  private final Store store;
  private final Queue queue;
  private final ScheduledExecutorService timer;
  private final AtomicLong trimTo = new AtomicLong(-1);
  private final AtomicBoolean trimming = new AtomicBoolean();
  private final AtomicBoolean reported = new AtomicBoolean();
  private long lastNumber; // guarded by Broker's durable order

  SessionQueue(SessionKey key, Store store, ScheduledExecutorService timer) {
    this.key = key;
    this.store = store;
    this.queue = store.queue(key.queue());
    this.timer = timer;
    this.lastNumber = queue.last();
  }

  /** The number of the next entry; the caller commits entries in this order. */
  long nextNumber() {
    return ++lastNumber;
  }

  boolean full(BrokerSettings settings) {
    return queue.size() >= settings.maxQueuedMessages()
        || queue.bytes() >= settings.maxQueuedBytes();
  }

  boolean hasFrom(long number) {
    return queue.size() > 0 && queue.last() >= number;
  }

  CompletionStage<List<Queued>> read(long from, int entries, int bytes) {
    return queue
        .read(from, entries, bytes)
        .thenApply(
            page ->
                page.stream()
                    .map(
                        entry ->
                            MessageCodec.queued(
                                key.account(), entry.number(), entry.header(), entry.value()))
                    .toList());
  }

  void unreadable(@Nullable Throwable failure) {
    if (reported.compareAndSet(false, true)) {
      LOG.error("event=session-queue-unreadable clientId={}", key.clientId(), failure);
    }
  }

  /** Everything up to a number is done with. */
  void trim(long upTo) {
    trimTo.accumulateAndGet(upTo, Math::max);
    if (trimming.compareAndSet(false, true)) {
      timer.schedule(this::trimNow, TRIM_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void trimNow() {
    long upTo = trimTo.get();
    store
        .commit(new Batch().trim(key.queue(), upTo))
        .whenComplete(
            (done, failure) -> {
              trimming.set(false);
              if (failure != null) {
                LOG.debug("event=trim-failed clientId={}", key.clientId(), failure);
              } else if (trimTo.get() > upTo) {
                trim(trimTo.get());
              }
            });
  }
}
