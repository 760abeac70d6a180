package dev.gatehouse.api.device;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Takes what a device tells by itself. Any thread may call; no method blocks. */
@ProviderType
public interface ReadingSink {

  /**
   * Hands over new values. Of values that come faster than the shadow takes them, the latest of
   * each point is kept.
   */
  void readings(List<Reading> readings);

  /** Hands over a change of {@link DeviceDriver#status()}. */
  void status(DeviceStatus status);
}
