package dev.gatehouse.store;

import dev.gatehouse.api.telemetry.Metric;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What the store counts. */
final class StoreCounters {
  private final LongAdder syncs = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder commits = new LongAdder();
  private final LongAdder conflicts = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final LongAdder checkpoints = new LongAdder();

  void synced(long written) {
    syncs.increment();
    bytes.add(written);
  }

  void wrote(long written) {
    bytes.add(written);
  }

  void committed(int batches) {
    commits.add(batches);
  }

  void conflicted() {
    conflicts.increment();
  }

  void failed(int batches) {
    failures.add(batches);
  }

  void checkpointed() {
    checkpoints.increment();
  }

  List<Metric> metrics(int waiting, long stateBytes) {
    return List.of(
        Metric.counter("store_syncs_total", syncs.sum()),
        Metric.counter("store_written_bytes_total", bytes.sum()),
        Metric.counter("store_commits_total", commits.sum()),
        Metric.counter("store_conflicts_total", conflicts.sum()),
        Metric.counter("store_failures_total", failures.sum()),
        Metric.counter("store_checkpoints_total", checkpoints.sum()),
        Metric.gauge("store_waiting_batches", waiting),
        Metric.gauge("store_state_bytes", stateBytes));
  }
}
