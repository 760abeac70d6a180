package dev.gatehouse.api.device;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Whiteboard: one piece of equipment. Whoever maps points to things asks it at its own pace; a
 * driver needs no thread of its own.
 */
@ConsumerType
public interface DeviceDriver {

  /**
   * Names the equipment among all of this gateway, such as {@code host}; 1 to 128 of a thing name.
   */
  String deviceId();

  /** The points that it has now. */
  List<Point> points();

  /**
   * Reads every readable point; called on a thread that may wait up to a few seconds. A point that
   * cannot be read now comes with {@link Reading.Quality#BAD}; none is left out.
   */
  List<Reading> read();

  /**
   * Sets a writable point.
   *
   * @param value JSON text of a number, string or boolean
   * @throws IllegalArgumentException if the point is unknown, not writable, or the value unfit
   */
  void write(String pointId, String value);
}
