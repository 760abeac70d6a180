package dev.gatehouse.memory;

import dev.gatehouse.api.memory.MemoryShare;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Counts bytes against a limit. */
final class HeapShare implements MemoryShare {
  final int percent;
  private final long limitBytes;
  private final Runnable onClose;
  private final AtomicLong used = new AtomicLong();
  private final LongAdder refusals = new LongAdder();

  HeapShare(int percent, long limitBytes, Runnable onClose) {
    this.percent = percent;
    this.limitBytes = limitBytes;
    this.onClose = onClose;
  }

  @Override
  public boolean tryTake(long bytes) {
    checkNotNegative(bytes);
    // Compared by subtraction: a request near Long.MAX_VALUE must not overflow the sum.
    long before = used.get();
    while (bytes <= limitBytes - before) {
      if (used.compareAndSet(before, before + bytes)) {
        return true;
      }
      before = used.get();
    }
    refusals.increment();
    return false;
  }

  @Override
  public void take(long bytes) {
    checkNotNegative(bytes);
    used.addAndGet(bytes);
  }

  @Override
  public void release(long bytes) {
    checkNotNegative(bytes);
    used.addAndGet(-bytes);
  }

  @Override
  public long limitBytes() {
    return limitBytes;
  }

  @Override
  public long usedBytes() {
    return used.get();
  }

  @Override
  public void close() {
    onClose.run();
  }

  long refusals() {
    return refusals.sum();
  }

  boolean isNearlyFull() {
    return usedBytes() > limitBytes - limitBytes / 20;
  }

  private static void checkNotNegative(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes is " + bytes + "; it must be 0 or more");
    }
  }
}
