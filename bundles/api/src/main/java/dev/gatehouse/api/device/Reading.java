package dev.gatehouse.api.device;

import java.time.Instant;
import java.util.Objects;

/**
 * The value of a point at a time.
 *
 * @param pointId of the point
 * @param value JSON text of a number, string or boolean; {@code null} text unless the quality is
 *     good
 * @param quality whether the value can be trusted
 * @param sourceTime when the equipment had the value, by its own clock if it has one
 * @param detail the reason for a bad quality; empty if it is good
 */
public record Reading(
    String pointId, String value, Quality quality, Instant sourceTime, String detail) {

  /** Whether a value can be trusted. */
  public enum Quality {
    GOOD,
    BAD
  }

  /** Refuses null. */
  public Reading {
    Objects.requireNonNull(pointId, "pointId");
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(quality, "quality");
    Objects.requireNonNull(sourceTime, "sourceTime");
    Objects.requireNonNull(detail, "detail");
  }

  /** A value that can be trusted. */
  public static Reading good(String pointId, String value, Instant sourceTime) {
    return new Reading(pointId, value, Quality.GOOD, sourceTime, "");
  }

  /** No value, and the reason. */
  public static Reading bad(String pointId, Instant sourceTime, String detail) {
    return new Reading(pointId, "null", Quality.BAD, sourceTime, detail);
  }
}
