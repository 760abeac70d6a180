package dev.gatehouse.edge;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Bounds how many connections a second come from one address. Thread-safe. */
public final class AddressRates {
  /** So much of its rate an address may use at once: a whole site comes back behind one address. */
  private static final long BURST_NANOS = TimeUnit.SECONDS.toNanos(20);

  private static final int SWEPT = 4096; // addresses that are kept before those at rest are dropped

  private final LongSupplier nanoTime;
  private final Map<Long, Long> paid = new HashMap<>(); // until when, by address; guarded by this

  /** By a clock that only goes forward, in nanoseconds. */
  public AddressRates(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * Whether one more connection may come.
   *
   * @param perSecond the limit, with 20 seconds' worth at once; 0: no limit
   */
  public synchronized boolean admit(InetAddress address, int perSecond) {
    if (perSecond == 0) {
      return true;
    }
    long now = nanoTime.getAsLong();
    if (paid.size() >= SWEPT) {
      paid.values().removeIf(until -> until - now <= 0);
    }
    long key = key(address);
    long ahead = Math.max(0, paid.getOrDefault(key, now) - now);
    long cost = TimeUnit.SECONDS.toNanos(1) / perSecond;
    if (ahead + cost > BURST_NANOS) {
      return false;
    }
    paid.put(key, now + ahead + cost);
    return true;
  }

  synchronized int addresses() {
    return paid.size();
  }

  /** IPv4's address; of IPv6 the first half, as one host has the rest for itself. */
  public static long key(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length == 4
        ? ByteBuffer.wrap(bytes).getInt() & 0xFFFF_FFFFL
        : ByteBuffer.wrap(bytes).getLong();
  }
}
