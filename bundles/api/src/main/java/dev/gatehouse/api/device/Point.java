package dev.gatehouse.api.device;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A value of equipment.
 *
 * @param id segments with dots between them, such as {@code cpu.temperature}, which the shadow
 *     shows as {@code {"cpu": {"temperature": 48.3}}}. 1 to 3 segments, each 1 to 64 of {@code a-z
 *     A-Z 0-9 _ -}. The guide allows five levels ("AWS IoT Limits"); two are for the status
 * @param description for a person; may be empty
 * @param unit UCUM code such as {@code Cel}, {@code %}, {@code By}; empty for none
 * @param type of its values
 * @param writable whether {@link DeviceDriver#write} takes it
 * @param sampling how its value reaches the gateway
 */
public record Point(
    String id,
    String description,
    String unit,
    ValueType type,
    boolean writable,
    Sampling sampling) {
  private static final Pattern ID =
      Pattern.compile("[a-zA-Z0-9_-]{1,64}(\\.[a-zA-Z0-9_-]{1,64}){0,2}");

  /** What JSON a value is. */
  public enum ValueType {
    NUMBER,
    TEXT,
    BOOLEAN
  }

  /**
   * Checks the id.
   *
   * @throws IllegalArgumentException if the id has another form
   */
  public Point {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "the point id '"
              + id
              + "' must be 1 to 3 segments of a-z A-Z 0-9 _ - with dots between them");
    }
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(sampling, "sampling");
  }

  /** A number that is polled at the pace of the device's thing and cannot be written. */
  public static Point sensor(String id, String description, String unit) {
    return new Point(id, description, unit, ValueType.NUMBER, false, Sampling.polled());
  }
}
