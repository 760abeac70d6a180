package dev.gatehouse.api.time;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * How long ago something happened whose time of day was noted down: the age of a message (MQTT 5,
 * 3.3.2.3.3), of a shadow, of a confirmation. The difference of two times of day is wrong on a
 * machine whose clock is set in between: one that boots in 1970 until it reaches a time server.
 *
 * <p>Jumps of the clock by more than a minute are noticed while the process runs, by the clock that
 * only goes forward, and are left out of ages. What was noted before the process began, or at a
 * time that no correct clock shows, is as old as can be known for sure, at least as the process.
 * Where times are ambiguous because the clock went back, the younger one is taken. Nothing is ever
 * older than it really is, unless the clock jumped while the process did not run. Time that the
 * machine sleeps counts as a jump. For any thread.
 */
public final class PassedTime {
  /** No correct clock shows an earlier time. */
  public static final Instant RELEASE = Instant.parse("2026-11-01T00:00:00Z");

  private static final long JUMP_MILLIS = 60_000;
  private static final long ANCHOR_MILLIS = 600_000;
  private static final int MOST_ERAS = 32;
  private static final PassedTime SYSTEM =
      new PassedTime(Clock.systemUTC(), new SystemElapsedTime());

  private final Clock clock;
  private final ElapsedTime elapsed;
  private final List<Era> past = new ArrayList<>(); // guarded by this; the oldest first
  private volatile Era now;

  private PassedTime(Clock clock, ElapsedTime elapsed) {
    this.clock = clock;
    this.elapsed = elapsed;
    this.now = new Era(clock.millis(), elapsed.elapsedNanos() / 1_000_000);
  }

  /**
   * The time that passes by a clock. Jumps are known of the system's clock and of one that is an
   * {@link ElapsedTime}; any other one is believed.
   */
  public static PassedTime of(Clock clock) {
    if (clock.equals(Clock.systemUTC())) {
      return SYSTEM;
    }
    return new PassedTime(
        clock, clock instanceof ElapsedTime own ? own : new TrustedElapsedTime(clock));
  }

  /**
   * Milliseconds that have passed since a time of day that the same clock showed.
   *
   * @param stampMillis milliseconds since 1970
   * @return 0 or more
   */
  public long sinceMillis(long stampMillis) {
    long wall = clock.millis();
    long running = elapsed.elapsedNanos() / 1_000_000;
    Era era = now;
    if (era.hasJumped(wall, running) || era.isOld(running)) {
      era = follow(wall, running);
    }
    if (era.wallStart <= stampMillis && stampMillis <= wall + JUMP_MILLIS) {
      return Math.max(0, Math.min(wall - stampMillis, running - era.runningStart));
    }
    return sinceEarlier(stampMillis, running);
  }

  private synchronized long sinceEarlier(long stampMillis, long running) {
    for (int i = past.size() - 1; i >= 0; i--) {
      Era era = past.get(i);
      if (era.wallStart <= stampMillis && stampMillis <= era.wallEnd + JUMP_MILLIS) {
        long at = era.runningStart + stampMillis - era.wallStart;
        return Math.max(0, running - Math.min(at, era.runningEnd));
      }
    }
    Era first = past.isEmpty() ? now : past.get(0);
    long plausible = elapsed.plausibleFrom().toEpochMilli();
    long before =
        stampMillis >= plausible && stampMillis < first.wallStart
            ? first.wallStart - stampMillis
            : 0;
    return Math.max(0, before + running - first.runningStart);
  }

  /** Begins another era after a jump; small drift moves the anchor along. */
  private synchronized Era follow(long wall, long running) {
    if (!now.hasJumped(wall, running)) {
      now.anchor(wall, running);
      return now;
    }
    now.end(running);
    past.add(now);
    if (past.size() > MOST_ERAS) {
      past.remove(1); // the oldest one tells what was before the process
    }
    now = new Era(wall, running);
    return now;
  }

  /** A stretch of time without jumps; all in milliseconds. */
  private static final class Era {
    final long wallStart;
    final long runningStart;
    private volatile long offset; // of the wall clock from the running one
    private volatile long anchoredAt;
    long wallEnd; // guarded by the outer object
    long runningEnd; // guarded by the outer object

    Era(long wall, long running) {
      this.wallStart = wall;
      this.runningStart = running;
      anchor(wall, running);
    }

    void anchor(long wall, long running) {
      offset = wall - running;
      anchoredAt = running;
    }

    boolean hasJumped(long wall, long running) {
      return Math.abs(wall - running - offset) > JUMP_MILLIS;
    }

    boolean isOld(long running) {
      return running - anchoredAt > ANCHOR_MILLIS;
    }

    void end(long running) {
      wallEnd = running + offset;
      runningEnd = running;
    }
  }

  private static final class SystemElapsedTime implements ElapsedTime {
    @Override
    public long elapsedNanos() {
      return System.nanoTime();
    }

    @Override
    public Instant plausibleFrom() {
      return RELEASE;
    }
  }

  private record TrustedElapsedTime(Clock clock) implements ElapsedTime {
    @Override
    public long elapsedNanos() {
      return clock.millis() * 1_000_000;
    }

    @Override
    public Instant plausibleFrom() {
      return Instant.ofEpochMilli(Long.MIN_VALUE >> 1);
    }
  }
}
