package dev.gatehouse.rules.delivery;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait after failures in a row.
 *
 * @param first after the first one, then doubled
 * @param most the bound of that
 */
record Backoff(Duration first, Duration most) {

  /** Between half of the delay and all of it, so that lanes of one target do not come together. */
  long delayMillis(int failures) {
    int doublings = Math.min(Math.max(failures - 1, 0), 30);
    long full = Math.min(first.toMillis() << doublings, most.toMillis());
    return full / 2 + ThreadLocalRandom.current().nextLong(full / 2 + 1);
  }
}
