package dev.gatehouse.testkit;

import dev.gatehouse.api.time.ElapsedTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands still until it is told to leap. */
public final class ManualClock extends Clock implements ElapsedTime {
  private volatile Instant now;
  private volatile Duration jumps = Duration.ZERO;

  public ManualClock(Instant now) {
    this.now = now;
  }

  /** Lets time pass; or moves back if negative. */
  public void advance(Duration step) {
    now = now.plus(step);
  }

  /** Is set to another time of day; no time passes. */
  public void jump(Duration step) {
    jumps = jumps.plus(step);
    now = now.plus(step);
  }

  @Override
  public long elapsedNanos() {
    return (now.toEpochMilli() - jumps.toMillis()) * 1_000_000;
  }

  @Override
  public Instant plausibleFrom() {
    return Instant.ofEpochMilli(Long.MIN_VALUE >> 1);
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("a manual clock is in UTC");
  }
}
