package dev.gatehouse.shadow;

import dev.gatehouse.api.time.PassedTime;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When a shadow is gone by itself: a year after it was last used (guide: Device Shadow Limits), and
 * what a deleted one leaves after 48 hours. Readers ask, so that it counts to the second; a round
 * every few hours gives the room back.
 */
final class ShadowExpiry implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ShadowExpiry.class);
  private static final Duration VERSION_LIVES = Duration.ofDays(2);
  private static final long FIRST_HOURS = 1;
  private static final long ROUND_HOURS = 6;

  /** A retrieval is written down if the last use is older: not every get costs a commit. */
  private static final Duration USE_PRECISION = Duration.ofDays(1);

  private final Duration lifetime;
  private final PassedTime passed;
  private final ScheduledExecutorService rounds =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "gatehouse-shadow-expiry");
            thread.setDaemon(true);
            return thread;
          });

  ShadowExpiry(Duration lifetime, PassedTime passed) {
    this.lifetime = lifetime;
    this.passed = passed;
  }

  /** Nothing is left of it, not even a version to go on from. */
  boolean isForgotten(ShadowRow row) {
    if (!row.exists()) {
      return passed.sinceMillis(row.deletedAtMillis()) > VERSION_LIVES.toMillis();
    }
    return !lifetime.isZero()
        && secondsSince(row.usedAt()) > lifetime.plus(USE_PRECISION).toSeconds();
  }

  boolean isUseToBeKept(ShadowRow row) {
    return !lifetime.isZero() && secondsSince(row.usedAt()) > USE_PRECISION.toSeconds();
  }

  private long secondsSince(long epochSeconds) {
    return passed.sinceMillis(epochSeconds * 1000) / 1000;
  }

  /** From now on a round now and then. */
  void start(Runnable round) {
    rounds.scheduleWithFixedDelay(
        () -> {
          try {
            round.run();
          } catch (RuntimeException e) {
            LOG.warn("event=shadow-expiry-failed", e);
          }
        },
        FIRST_HOURS,
        ROUND_HOURS,
        TimeUnit.HOURS);
  }

  @Override
  public void close() {
    rounds.shutdownNow();
  }
}
