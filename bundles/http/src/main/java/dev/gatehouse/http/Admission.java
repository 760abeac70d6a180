package dev.gatehouse.http;

import dev.gatehouse.edge.AddressRates;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which connections may stay. A newcomer is let in also when all places are taken: the address that
 * has the most connections then loses the one that it used least. So nobody can lock others out
 * with connections that do nothing. Loopback addresses are not limited by rate or number, and the
 * last places are theirs: whoever sits at the machine gets in. Thread-safe.
 */
final class Admission {
  private static final int RESERVED = 16; // places for loopback only

  private final int limit;
  private final int perSecond;
  private final LongSupplier nanoTime;
  private final AddressRates rates;
  private final Map<Long, AddressPlaces> addresses = new HashMap<>(); // guarded by this
  private int places; // guarded by this
  final LongAdder refused = new LongAdder();
  final LongAdder displaced = new LongAdder();

  /**
   * For a listener.
   *
   * @param limit connections at a time, at least 1
   * @param perSecond new connections a second from one address; 0: no limit
   */
  Admission(int limit, int perSecond, LongSupplier nanoTime) {
    this.limit = limit;
    this.perSecond = perSecond;
    this.nanoTime = nanoTime;
    this.rates = new AddressRates(nanoTime);
  }

  /** A place for a connection; null if it must be closed. */
  @Nullable ConnectionPlace admit(InetAddress from, Channel channel) {
    boolean loopback = from.isLoopbackAddress();
    if (!loopback && !rates.admit(from, perSecond)) {
      refused.increment();
      return null;
    }
    ConnectionPlace victim = null;
    ConnectionPlace place;
    synchronized (this) {
      long key = AddressRates.key(from);
      AddressPlaces address = addresses.get(key);
      if (address == null) {
        address = new AddressPlaces(key, loopback);
      }
      long now = nanoTime.getAsLong();
      int reserved = loopback ? 0 : Math.min(RESERVED, limit / 8);
      boolean full = places >= limit - reserved;
      boolean addressFull = !loopback && address.size() >= Math.max(1, limit / 2);
      if (full || addressFull) {
        victim = addressFull ? address.leastUsed(now) : leastUsed(now);
        if (victim == null) {
          refused.increment();
          return null;
        }
        leave(victim);
      }
      place = new ConnectionPlace(address, channel, now);
      address.add(place);
      addresses.put(key, address);
      places++;
    }
    if (victim != null) {
      displaced.increment();
      victim.channel.close();
    }
    return place;
  }

  // Also of other addresses if all connections of the largest one are busy.
  private @Nullable ConnectionPlace leastUsed(long now) {
    ConnectionPlace least = null;
    int most = 0;
    for (AddressPlaces address : addresses.values()) {
      if (address.size() > most) {
        ConnectionPlace candidate = address.leastUsed(now);
        if (candidate != null) {
          least = candidate;
          most = address.size();
        }
      }
    }
    return least;
  }

  /** The connection has ended, or speaks another protocol now. May be called more than once. */
  synchronized void leave(ConnectionPlace place) {
    AddressPlaces address = place.address;
    if (address.remove(place)) {
      places--;
      if (address.size() == 0) {
        addresses.remove(address.key);
      }
    }
  }

  synchronized int connections() {
    return places;
  }
}
