package dev.gatehouse.testkit;

import dev.gatehouse.api.memory.MemoryBudget;
import dev.gatehouse.api.memory.MemoryShare;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** A budget of a given size whose shares count; 1 GiB where a test does not ask for a size. */
public final class FixedMemory implements MemoryBudget {
  private final long totalBytes;
  private final Map<String, Share> shares = new ConcurrentHashMap<>();

  public FixedMemory() {
    this(1L << 30);
  }

  public FixedMemory(long totalBytes) {
    this.totalBytes = totalBytes;
  }

  @Override
  public long totalBytes() {
    return totalBytes;
  }

  @Override
  public MemoryShare open(String name, int percent) {
    Share share = new Share(totalBytes / 100 * percent);
    shares.put(name, share);
    return share;
  }

  /** The share that was opened last under a name. */
  public MemoryShare opened(String name) {
    return Objects.requireNonNull(shares.get(name), name);
  }

  private static final class Share implements MemoryShare {
    private final long limitBytes;
    private final AtomicLong used = new AtomicLong();

    Share(long limitBytes) {
      this.limitBytes = limitBytes;
    }

    @Override
    public boolean tryTake(long bytes) {
      if (used.addAndGet(bytes) <= limitBytes) {
        return true;
      }
      used.addAndGet(-bytes);
      return false;
    }

    @Override
    public void take(long bytes) {
      used.addAndGet(bytes);
    }

    @Override
    public void release(long bytes) {
      if (used.addAndGet(-bytes) < 0) {
        throw new IllegalStateException("more bytes were released than taken: " + used.get());
      }
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
    public void close() {}
  }
}
