package dev.gatehouse.api.device;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Runs the work of all devices: one timer for all, and at most one thread for each line while the
 * line has work. A line that does not answer delays nobody but itself.
 */
@ProviderType
public interface DeviceScheduler {

  /**
   * Opens a line.
   *
   * @param lineId of {@link DeviceDriver#lineId()}. Handles with the same id share one line: their
   *     tasks never overlap
   * @return a handle; closing it cancels the tasks that were given to this handle
   */
  Line line(String lineId);
}
