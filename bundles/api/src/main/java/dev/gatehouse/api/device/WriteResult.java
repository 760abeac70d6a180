package dev.gatehouse.api.device;

import java.time.Duration;

/** What became of a write. */
public sealed interface WriteResult {
  /** The device took the value and shows it at the next read. */
  Done DONE = new Done(Duration.ZERO);

  /**
   * The device took the value.
   *
   * @param settle how long a read may still give the old value, 0 to 1 hour. During that time the
   *     gateway does not report the old value, so that the shadow does not flip back
   */
  record Done(Duration settle) implements WriteResult {
    private static final Duration LONGEST = Duration.ofHours(1);

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException unless the time is 0 to 1 hour
     */
    public Done {
      if (settle.isNegative() || settle.compareTo(LONGEST) > 0) {
        throw new IllegalArgumentException(
            "the settle time is " + settle + "; it must be from 0 to 1 hour");
      }
    }
  }

  /**
   * The value does not fit the point, and never will; nothing was sent to the device.
   *
   * @param reason what is wrong with the value, the value, and what would be right
   */
  record Refused(String reason) implements WriteResult {}

  /**
   * The device did not take the value, or did not say whether it did. The next delta tries again.
   *
   * @param reason what the device answered, or that it did not
   */
  record Failed(String reason) implements WriteResult {}
}
