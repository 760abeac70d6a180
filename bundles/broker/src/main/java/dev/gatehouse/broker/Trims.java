package dev.gatehouse.broker;

import dev.gatehouse.api.store.Batch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Trims stored queues after acknowledgements, many at once: what a crash leaves untrimmed is
 * delivered again, which QoS 1 allows. Each outbox stands here once.
 */
final class Trims {
  private static final Duration DELAY = Duration.ofMillis(100);
  private static final Duration RETRY = Duration.ofSeconds(5);

  private final Ledger ledger;
  private final Timer timer;
  private final Queue<Outbox> due = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();

  Trims(Ledger ledger, Timer timer) {
    this.ledger = ledger;
    this.timer = timer;
  }

  void mark(Outbox outbox) {
    due.add(outbox);
    schedule(DELAY);
  }

  /** Trims all that is due; completes when it is over. */
  CompletionStage<?> flush() {
    scheduled.set(false);
    List<Outbox> outboxes = new ArrayList<>();
    for (Outbox outbox = due.poll(); outbox != null; outbox = due.poll()) {
      outboxes.add(outbox);
    }
    if (outboxes.isEmpty()) {
      return CompletableFuture.completedFuture(true);
    }
    return ledger
        .commit(batch -> outboxes.forEach(outbox -> trim(batch, outbox)))
        .thenAccept(durable -> retry(durable, outboxes));
  }

  private static void trim(Batch batch, Outbox outbox) {
    long upTo = outbox.takeTrim();
    if (upTo >= 0) {
      batch.trim(outbox.queueName(), upTo);
    }
  }

  private void retry(boolean durable, List<Outbox> outboxes) {
    if (!durable) {
      scheduled.set(true); // so that marking does not try at once
      outboxes.forEach(Outbox::untrimmed);
      timer.after(RETRY, this::flush);
    }
  }

  private void schedule(Duration delay) {
    if (scheduled.compareAndSet(false, true)) {
      timer.after(delay, this::flush);
    }
  }
}
