package dev.gatehouse.store;

import dev.gatehouse.api.store.Batch;
import org.jspecify.annotations.Nullable;

/**
 * Which batches are written when the disk is full. Removals always are: they let the backlog
 * shrink. A batch that writes rows is, too, if it removes others or leaves its rows smaller than
 * they were (a policy without one of its versions), or if its owner calls it urgent; but such
 * batches leave the last quarter of the reserve to plain removals. Entries of queues are not.
 */
final class ReserveRule {
  /** What a batch that also removes may add, in bytes: an event, a row that says so. */
  private static final long SMALL_BYTES = 8 << 10;

  /** What an urgent batch may add, in bytes. */
  private static final long URGENT_BYTES = 64 << 10;

  private final long reserveBytes;
  private final State state;

  ReserveRule(long reserveBytes, State state) {
    this.reserveBytes = reserveBytes;
    this.state = state;
  }

  /**
   * Whether a batch may be written.
   *
   * @param usable bytes that are left on the disk, the reserve among them
   */
  boolean admits(Batch batch, long usable) {
    boolean removes = false;
    long grows = 0;
    long written = 0;
    for (Batch.Change change : batch.changes()) {
      if (change instanceof Batch.Append) {
        return false;
      } else if (change instanceof Batch.Put put) {
        byte[] key = put.key();
        byte @Nullable [] before =
            state.<byte @Nullable []>read(rows -> rows.get(put.table(), key));
        written += key.length + put.value().length;
        grows += put.value().length - (before == null ? -key.length : before.length);
      } else {
        removes |= removes(change);
      }
    }
    if (written == 0) {
      return true;
    }
    if (usable < reserveBytes / 4 + written) {
      return false;
    }
    return grows < 0
        || (removes && grows <= SMALL_BYTES)
        || (batch.isUrgent() && grows <= URGENT_BYTES);
  }

  /** Whether something is there that a change removes. */
  private boolean removes(Batch.Change change) {
    if (change instanceof Batch.Delete delete) {
      return state.<Boolean>read(rows -> rows.get(delete.table(), delete.key()) != null);
    }
    String queue =
        change instanceof Batch.Trim trim
            ? trim.queue()
            : change instanceof Batch.Drop drop ? drop.queue() : "";
    return state.<Boolean>readQueue(queue, index -> index != null && index.size() > 0);
  }
}
