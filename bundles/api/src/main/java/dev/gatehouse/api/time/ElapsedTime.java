package dev.gatehouse.api.time;

import java.time.Instant;

/** What a {@link java.time.Clock} says besides the time of day, if {@link PassedTime} is to ask. */
public interface ElapsedTime {

  /** Nanoseconds since some moment, which setting the clock does not change. */
  long elapsedNanos();

  /** The earliest time that the clock can show when it is right. */
  Instant plausibleFrom();
}
