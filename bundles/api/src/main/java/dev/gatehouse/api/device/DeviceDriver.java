package dev.gatehouse.api.device;

import java.util.List;
import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Whiteboard: one piece of equipment that speaks no MQTT. The gateway polls it, listens to it, and
 * writes to it; a driver needs no thread of its own for that.
 *
 * <p>{@link #read} and {@link #write} may block. The gateway calls them on a thread of the device's
 * line and never two at the same time for one line. All other methods return at once.
 */
@ConsumerType
public interface DeviceDriver {

  /**
   * Names the equipment among all of this gateway, such as {@code host}; 1 to 128 characters of a
   * thing name ({@code a-z A-Z 0-9 : _ -}).
   */
  String deviceId();

  /**
   * Names the line that the equipment shares with other devices, such as an RS-485 bus or one
   * endpoint of a PLC. By default every device is on a line of its own.
   */
  default String lineId() {
    return "device/" + deviceId();
  }

  /** The points that the equipment has now. Their ids are unique. */
  List<Point> points();

  /** Whether the equipment can be reached, as the driver last saw it. */
  DeviceStatus status();

  /**
   * Starts to hand readings of {@link Sampling.Mode#PUSH} points, and changes of the status, to a
   * sink as they come. Equipment that is only polled needs no implementation.
   *
   * @return the connection; after it is closed the sink is not called any more
   */
  default Connection connect(ReadingSink sink) {
    return () -> {};
  }

  /**
   * Reads points from the equipment.
   *
   * @param pointIds some of the ids of {@link #points()}
   * @return a reading for each of them, in any order; with {@link Reading.Quality#BAD} and the
   *     reason where a point cannot be read
   * @throws InterruptedException if the device is being removed
   */
  List<Reading> read(Set<String> pointIds) throws InterruptedException;

  /**
   * Writes a writable point.
   *
   * @param value JSON text of a number, string or boolean, as the point's {@link Point#type()}
   *     wants
   * @throws InterruptedException if the device is being removed
   */
  WriteResult write(String pointId, String value) throws InterruptedException;

  /** What {@link #connect} opened. */
  interface Connection extends AutoCloseable {
    @Override
    void close();
  }
}
