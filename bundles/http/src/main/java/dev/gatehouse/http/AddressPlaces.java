package dev.gatehouse.http;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The connections of one address, and the bytes of its requests whose caller is not known. */
final class AddressPlaces {
  final long key;
  final boolean loopback;
  private final Set<ConnectionPlace> places = new LinkedHashSet<>(); // guarded by Admission
  private final AtomicLong bytes = new AtomicLong();

  AddressPlaces(long key, boolean loopback) {
    this.key = key;
    this.loopback = loopback;
  }

  /** Adds, and returns the sum. */
  long addBytes(long more) {
    return bytes.addAndGet(more);
  }

  void add(ConnectionPlace place) {
    places.add(place);
  }

  boolean remove(ConnectionPlace place) {
    return places.remove(place);
  }

  int size() {
    return places.size();
  }

  /** The connection that is missed least: unknown callers first, then the longest at rest. */
  @Nullable ConnectionPlace leastUsed(long now) {
    ConnectionPlace least = null;
    for (ConnectionPlace place : places) {
      if (place.isAtRest() && (least == null || place.isLessUsedThan(least, now))) {
        least = place;
      }
    }
    return least;
  }
}
