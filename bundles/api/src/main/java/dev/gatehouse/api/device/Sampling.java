package dev.gatehouse.api.device;

import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the value of a point reaches the gateway, and which changes are worth a report.
 *
 * @param mode whether the gateway asks or the device tells
 * @param interval between two polls, 10 ms to 1 day; null: as the thing's settings say
 * @param deadband a number is reported when it differs by more than this, in the point's unit, 0 or
 *     more; null: as the thing's settings say
 */
public record Sampling(Mode mode, @Nullable Duration interval, @Nullable BigDecimal deadband) {
  private static final Duration SHORTEST = Duration.ofMillis(10);
  private static final Duration LONGEST = Duration.ofDays(1);
  private static final Sampling POLLED = new Sampling(Mode.POLL, null, null);
  private static final Sampling PUSHED = new Sampling(Mode.PUSH, null, null);

  /** Who begins. */
  public enum Mode {
    /** The gateway calls {@link DeviceDriver#read}. */
    POLL,
    /** The driver calls {@link ReadingSink#readings}. */
    PUSH
  }

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if the interval or the deadband is out of range
   */
  public Sampling {
    if (interval != null && (interval.compareTo(SHORTEST) < 0 || interval.compareTo(LONGEST) > 0)) {
      throw new IllegalArgumentException(
          "the interval is " + interval + "; it must be from 10 ms to 1 day");
    }
    if (deadband != null && deadband.signum() < 0) {
      throw new IllegalArgumentException("the deadband is " + deadband + "; it must be 0 or more");
    }
  }

  /** Polled at the pace, and with the deadband, of the thing's settings. */
  public static Sampling polled() {
    return POLLED;
  }

  /** Polled at a pace of its own. */
  public static Sampling polled(Duration interval) {
    return new Sampling(Mode.POLL, interval, null);
  }

  /** Pushed by the driver. */
  public static Sampling pushed() {
    return PUSHED;
  }

  /** The same with a deadband of its own. */
  public Sampling withDeadband(BigDecimal wanted) {
    return new Sampling(mode, interval, wanted);
  }
}
