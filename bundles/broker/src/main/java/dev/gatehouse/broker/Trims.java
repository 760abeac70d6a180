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
 * delivered again, which QoS 1 allows and QoS 2 has its packet ids for. Each outbox stands here
 * once.
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

  /** What an outbox wanted to store failed: it tries again after a while. */
  void later(Outbox outbox) {
    due.add(outbox);
    schedule(RETRY);
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
    List<Trim> trims = new ArrayList<>();
    return ledger
        .commit(batch -> take(outboxes, trims, batch))
        .thenAccept(durable -> over(outboxes, trims, durable));
  }

  private static void take(List<Outbox> outboxes, List<Trim> trims, Batch batch) {
    for (Outbox outbox : outboxes) {
      Trim trim = outbox.takeTrim();
      if (trim != null) {
        trim.addTo(batch);
        trims.add(trim);
      }
    }
  }

  private void over(List<Outbox> outboxes, List<Trim> trims, boolean durable) {
    if (durable) {
      trims.forEach(trim -> trim.outbox().trimmed(trim, true));
      outboxes.forEach(Outbox::flush); // there may be packet ids to give again, or to store again
    } else {
      scheduled.set(true); // so that marking does not try at once
      trims.forEach(trim -> trim.outbox().trimmed(trim, false));
      timer.after(RETRY, this::flush);
    }
  }

  private void schedule(Duration delay) {
    if (scheduled.compareAndSet(false, true)) {
      timer.after(delay, this::flush);
    }
  }
}
