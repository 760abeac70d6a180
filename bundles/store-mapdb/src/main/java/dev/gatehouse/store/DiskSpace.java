package dev.gatehouse.store;

import dev.gatehouse.api.store.Batch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the disk from running full, and a reserve for when others fill it: with no space left,
 * deletions and acknowledgements still find room, which lets the backlog shrink. Used by the
 * committer's thread.
 */
final class DiskSpace {
  private static final Logger LOG = LoggerFactory.getLogger(DiskSpace.class);
  private static final String RESERVE = "RESERVE";
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final FileLayer layer;
  private final long reserveBytes;
  private final ReserveRule rule;
  private boolean reserved;
  private volatile boolean low;
  private volatile long usable = Long.MAX_VALUE; // when it was last looked at
  private long lookedAtNanos = System.nanoTime() - LOOK_NANOS;

  DiskSpace(FileLayer layer, long reserveBytes, State state) {
    this.layer = layer;
    this.reserveBytes = reserveBytes;
    this.rule = new ReserveRule(reserveBytes, state);
  }

  /** True while only what frees space is written. */
  boolean low() {
    return low;
  }

  String reason() {
    return "the disk is full: less than "
        + reserveBytes
        + " bytes are left; only deletions succeed";
  }

  /**
   * Whether a batch may be written now.
   *
   * @param size of its frame, in bytes
   */
  boolean admits(Batch batch, int size) {
    if (System.nanoTime() - lookedAtNanos >= LOOK_NANOS) {
      refresh();
    }
    if (!low) {
      return true;
    }
    long left = usable;
    boolean admitted = rule.admits(batch, left);
    if (admitted) {
      usable = left - size; // until the next look
    }
    return admitted;
  }

  /** Whether a file of this size fits beside what is kept for urgent batches. */
  boolean hasRoomFor(long bytes) {
    return usable - reserveBytes / 2 > bytes;
  }

  boolean roomToWrite() {
    return !low;
  }

  /** A write failed: perhaps there is no space, so that the reserve is needed now. */
  void writeFailed() {
    try {
      usable = layer.usableSpace();
      if (usable < reserveBytes) {
        enterLow();
      }
    } catch (IOException e) {
      LOG.debug("event=store-space-unknown reason=\"{}\"", e.toString());
    }
  }

  /** Looks at the disk, at most once a second when called from {@link #admits}. */
  void refresh() {
    lookedAtNanos = System.nanoTime();
    try {
      usable = layer.usableSpace();
      if (low && usable >= 2 * reserveBytes) {
        low = false;
        LOG.info("event=store-space-back usableBytes={}", usable);
      } else if (!low && usable < reserveBytes) {
        enterLow();
      }
      if (!low && !reserved && usable >= 2 * reserveBytes) {
        reserve();
      }
    } catch (IOException e) {
      LOG.debug("event=store-space-unknown reason=\"{}\"", e.toString());
    }
  }

  private void enterLow() throws IOException {
    if (!low) {
      LOG.error("event=store-disk-full reserveBytes={}: only deletions succeed", reserveBytes);
      low = true;
    }
    layer.delete(RESERVE);
    reserved = false;
    usable = layer.usableSpace();
  }

  private void reserve() throws IOException {
    FileLayer.Handle handle = layer.open(RESERVE);
    try {
      long size = handle.size();
      while (size < reserveBytes) {
        int step = (int) Math.min(1 << 16, reserveBytes - size);
        handle.write(ByteBuffer.allocate(step), size);
        size += step;
      }
      reserved = true;
    } finally {
      handle.close();
    }
  }
}
