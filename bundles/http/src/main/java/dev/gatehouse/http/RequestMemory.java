package dev.gatehouse.http;

import dev.gatehouse.api.memory.MemoryBudget;
import dev.gatehouse.api.memory.MemoryShare;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The heap that requests use, from their first byte until their answer is written. A request counts
 * in the share {@code http.strangers} until its signature or its certificate is verified, then in
 * {@code http.calls}. When a share is full, the request that has been arriving for the longest time
 * gives way: a client that holds bytes back cannot keep others out. Requests that have arrived do
 * not give way.
 */
final class RequestMemory implements AutoCloseable {
  /** One address may use this fraction of the strangers' share, so that one cannot fill it. */
  private static final int ADDRESS_FRACTION = 4;

  final Pool strangers;
  final Pool calls;
  final LongAdder displaced = new LongAdder();

  /** Opens the shares. */
  RequestMemory(MemoryBudget budget) {
    MemoryShare unknown = budget.open("http.strangers", 2);
    try {
      calls = new Pool(budget.open("http.calls", 5));
    } catch (RuntimeException e) {
      unknown.close(); // else the next start would find it open
      throw e;
    }
    strangers = new Pool(unknown);
  }

  /**
   * A request whose first byte has come.
   *
   * @param onDisplaced called at most once, on any thread, if the request must give way
   */
  RequestBytes begin(ConnectionPlace place, Runnable onDisplaced) {
    return new RequestBytes(this, place, onDisplaced);
  }

  /** The most bytes that one address may use before its callers are known. */
  long bytesPerAddress() {
    return strangers.share.limitBytes() / ADDRESS_FRACTION;
  }

  @Override
  public void close() {
    strangers.share.close();
    calls.share.close();
  }

  /** One share, and the requests in it that are still arriving. */
  final class Pool {
    private final MemoryShare share;
    private final Set<RequestBytes> arriving =
        new LinkedHashSet<>(); // oldest first; guarded by this

    private Pool(MemoryShare share) {
      this.share = share;
    }

    /** Takes bytes for a request; others that still arrive give way if there is no room. */
    boolean take(long bytes, RequestBytes taker) {
      if (share.tryTake(bytes)) {
        return true;
      }
      if (bytes > share.limitBytes()) {
        return false;
      }
      RequestBytes oldest = oldest(taker, null);
      while (oldest != null) {
        oldest.displace();
        displaced.increment();
        if (share.tryTake(bytes)) {
          return true;
        }
        oldest = oldest(taker, null);
      }
      return false;
    }

    /** Takes bytes that are on the heap already, such as an answer. */
    void force(long bytes) {
      share.take(bytes);
    }

    void release(long bytes) {
      share.release(bytes);
    }

    long limitBytes() {
      return share.limitBytes();
    }

    synchronized void arriving(RequestBytes request) {
      arriving.add(request);
    }

    synchronized void arrived(RequestBytes request) {
      arriving.remove(request);
    }

    /** Displaces the oldest request of an address that still arrives; false if there is none. */
    boolean displaceOneOf(AddressPlaces address, RequestBytes taker) {
      RequestBytes oldest = oldest(taker, address);
      if (oldest == null) {
        return false;
      }
      oldest.displace();
      displaced.increment();
      return true;
    }

    private synchronized @Nullable RequestBytes oldest(
        RequestBytes taker, @Nullable AddressPlaces address) {
      Iterator<RequestBytes> requests = arriving.iterator();
      while (requests.hasNext()) {
        RequestBytes next = requests.next();
        if (next != taker && (address == null || next.isFrom(address))) {
          requests.remove();
          return next;
        }
      }
      return null;
    }
  }
}
