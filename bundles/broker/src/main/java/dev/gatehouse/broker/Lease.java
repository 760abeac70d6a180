package dev.gatehouse.broker;

import dev.gatehouse.api.memory.MemoryShare;

/**
 * The bytes of a memory share that one owner uses. They are taken in chunks, and a little is free,
 * so that a message that comes and goes alone touches nothing that threads share. Guarded by its
 * owner's lock.
 */
final class Lease {
  /** Bytes that each owner may use whatever the share says. */
  static final int FREE = 2 << 10;

  private static final int CHUNK = 8 << 10;

  private final MemoryShare share;
  private long used;
  private long leased;

  Lease(MemoryShare share) {
    this.share = share;
  }

  /** Bytes in use. */
  long used() {
    return used;
  }

  /** Uses more bytes if the share has room for them. */
  boolean tryUse(long bytes) {
    long lacking = lacking(bytes);
    if (lacking > 0) {
      long chunks = roundedUp(lacking);
      if (share.tryTake(chunks)) {
        leased += chunks;
      } else if (share.tryTake(lacking)) {
        leased += lacking;
      } else {
        return false;
      }
    }
    used += bytes;
    return true;
  }

  /** Uses more bytes, of what is in memory anyway. */
  void use(long bytes) {
    long lacking = lacking(bytes);
    if (lacking > 0) {
      long chunks = roundedUp(lacking);
      share.take(chunks);
      leased += chunks;
    }
    used += bytes;
  }

  /** Bytes that were used are free again. */
  void free(long bytes) {
    used -= bytes;
    long needed = roundedUp(Math.max(0, used - FREE));
    // one chunk more may stay, unless nothing is in use
    if (leased > needed + (used > FREE ? CHUNK : 0)) {
      share.release(leased - needed);
      leased = needed;
    }
  }

  private long lacking(long bytes) {
    return used + bytes - FREE - leased;
  }

  private static long roundedUp(long bytes) {
    return (bytes + CHUNK - 1) / CHUNK * CHUNK;
  }
}
