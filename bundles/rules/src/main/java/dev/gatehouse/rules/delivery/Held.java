package dev.gatehouse.rules.delivery;

import dev.gatehouse.api.memory.MemoryShare;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The memory of one message and of what a rule made of it, counted once for all actions that have
 * it in their hands: the actions share the payload.
 */
public final class Held {
  private final MemoryShare memory;
  private final long bytes;
  private final AtomicInteger holders = new AtomicInteger(1);

  private Held(MemoryShare memory, long bytes) {
    this.memory = memory;
    this.bytes = bytes;
  }

  /** Takes the bytes for a first holder; null if the share has no room for them. */
  public static @Nullable Held take(MemoryShare memory, long bytes) {
    return memory.tryTake(bytes) ? new Held(memory, bytes) : null;
  }

  /** One more holder. */
  void retain() {
    holders.incrementAndGet();
  }

  /** One holder less; the last one gives the bytes back. */
  public void release() {
    if (holders.decrementAndGet() == 0) {
      memory.release(bytes);
    }
  }
}
