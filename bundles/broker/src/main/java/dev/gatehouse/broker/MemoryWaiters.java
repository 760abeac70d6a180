package dev.gatehouse.broker;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Sessions with stored messages for which there was no memory. They try again after a while, since
 * it may be another session that gives memory back.
 */
final class MemoryWaiters {
  private static final Duration RETRY = Duration.ofMillis(200);

  private final Timer timer;
  private final Set<Outbox> waiting = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean scheduled = new AtomicBoolean();

  MemoryWaiters(Timer timer) {
    this.timer = timer;
  }

  void add(Outbox outbox) {
    waiting.add(outbox);
    if (scheduled.compareAndSet(false, true)) {
      timer.after(RETRY, this::retry);
    }
  }

  private void retry() {
    scheduled.set(false);
    List<Outbox> all = List.copyOf(waiting);
    all.forEach(waiting::remove);
    all.forEach(Outbox::retry);
  }
}
