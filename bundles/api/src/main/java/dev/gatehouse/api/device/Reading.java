package dev.gatehouse.api.device;

/**
 * A point's value at a time.
 *
 * @param value JSON text of a number, string or boolean; {@code null} text if bad
 * @param timeMillis since the epoch
 */
public record Reading(String pointId, String value, Quality quality, long timeMillis) {

  /** Whether the value can be trusted. */
  public enum Quality {
    GOOD,
    BAD
  }
}
