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
  private boolean reserved;
  private volatile boolean low;
  private long lookedAtNanos = System.nanoTime() - LOOK_NANOS;

  DiskSpace(FileLayer layer, long reserveBytes) {
    this.layer = layer;
    this.reserveBytes = reserveBytes;
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

  /** Whether a batch may be written now. */
  boolean admits(Batch batch) {
    if (System.nanoTime() - lookedAtNanos >= LOOK_NANOS) {
      refresh();
    }
    return !low || batch.changes().stream().allMatch(DiskSpace::frees);
  }

  boolean roomToWrite() {
    return !low;
  }

  private static boolean frees(Batch.Change change) {
    return !(change instanceof Batch.Put || change instanceof Batch.Append);
  }

  /** A write failed: perhaps there is no space, so that the reserve is needed now. */
  void writeFailed() {
    try {
      if (layer.usableSpace() < reserveBytes) {
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
      long usable = layer.usableSpace();
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
