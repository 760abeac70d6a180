package dev.gatehouse.http;

/**
 * The bytes of heap that one request uses. One thread at a time calls its methods; only {@link
 * #displace} comes from other threads.
 */
final class RequestBytes {
  private final RequestMemory memory;
  private final ConnectionPlace place;
  private final AddressPlaces address;
  private final Runnable onDisplaced;
  private volatile RequestMemory.Pool pool;
  private volatile boolean arriving;
  private long bytes; // guarded by this
  private boolean ended; // guarded by this

  RequestBytes(RequestMemory memory, ConnectionPlace place, Runnable onDisplaced) {
    this.memory = memory;
    this.place = place;
    this.address = place.address;
    this.onDisplaced = onDisplaced;
    this.pool = memory.strangers;
  }

  /**
   * Counts something else that the same connection sends.
   *
   * @param whenDisplaced called at most once, on any thread, if it must give way
   */
  RequestBytes another(Runnable whenDisplaced) {
    return memory.begin(place, whenDisplaced);
  }

  /** Takes more bytes; false if there is no room, or if the request has given way to another. */
  boolean grow(long more) {
    RequestMemory.Pool from = pool;
    boolean stranger = from == memory.strangers;
    boolean taken = (!stranger || growAddress(more)) && from.take(more, this);
    if (taken) {
      synchronized (this) {
        if (!ended) {
          bytes += more;
          return true;
        }
      }
      from.release(more);
    }
    if (stranger) {
      address.addBytes(-more);
    }
    return false;
  }

  /** Adds in any case; other requests of the address that still arrive give way if it has much. */
  private boolean growAddress(long more) {
    long sum = address.addBytes(more);
    while (sum > memory.bytesPerAddress()) {
      if (!memory.strangers.displaceOneOf(address, this)) {
        return false;
      }
      sum = address.addBytes(0);
    }
    return true;
  }

  boolean isFrom(AddressPlaces other) {
    return address == other;
  }

  /** Counts bytes that are on the heap already; others are refused while the share is overdrawn. */
  synchronized void force(long more) {
    if (!ended) {
      pool.force(more);
      if (pool == memory.strangers) {
        address.addBytes(more);
      }
      bytes += more;
    }
  }

  /** Whether {@code more} bytes can never fit, however few other requests there are. */
  boolean neverFits(long more) {
    return more > (pool == memory.strangers ? memory.bytesPerAddress() : pool.limitBytes());
  }

  /** The caller is verified: moves to the share of calls; false if there is no room there. */
  boolean callerIsKnown() {
    place.callerIsKnown();
    if (pool == memory.calls) {
      return true;
    }
    long moved;
    synchronized (this) {
      moved = bytes;
    }
    if (!memory.calls.take(moved, this)) {
      return false;
    }
    synchronized (this) {
      if (ended) {
        memory.calls.release(moved);
        return false;
      }
      memory.strangers.release(moved);
      address.addBytes(-moved);
      pool = memory.calls;
    }
    if (arriving) {
      memory.strangers.arrived(this);
      memory.calls.arriving(this);
    }
    return true;
  }

  /** Not all of the request is there yet: it may have to give way. */
  void arriving() {
    if (!arriving) {
      arriving = true;
      pool.arriving(this);
    }
  }

  /** All of the request is there: it does not give way any more. */
  void arrived() {
    if (arriving) {
      arriving = false;
      pool.arrived(this);
    }
  }

  /** Gives the bytes back. May be called more than once. */
  void release() {
    arrived();
    end();
  }

  /** Gives the bytes back to another request, and ends this one. */
  void displace() {
    if (end()) {
      onDisplaced.run();
    }
  }

  private boolean end() {
    synchronized (this) {
      if (ended) {
        return false;
      }
      ended = true;
      pool.release(bytes);
      if (pool == memory.strangers) {
        address.addBytes(-bytes);
      }
      bytes = 0;
      return true;
    }
  }
}
