package dev.gatehouse.api.device;

import java.util.Objects;

/**
 * Whether equipment can be reached.
 *
 * @param state of the connection
 * @param detail the reason for a state other than online, for a person; else empty
 */
public record DeviceStatus(State state, String detail) {
  /** Online, without a detail. */
  public static final DeviceStatus ONLINE = new DeviceStatus(State.ONLINE, "");

  /** How a device is. */
  public enum State {
    /** The device answers. */
    ONLINE,
    /** The device does not answer; the driver goes on trying. */
    OFFLINE,
    /** Trying again will not help: a setting, a right or the equipment must be changed. */
    FAULT
  }

  /** Refuses null. */
  public DeviceStatus {
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(detail, "detail");
  }

  /** The device does not answer. */
  public static DeviceStatus offline(String detail) {
    return new DeviceStatus(State.OFFLINE, detail);
  }

  /** A person must change something. */
  public static DeviceStatus fault(String detail) {
    return new DeviceStatus(State.FAULT, detail);
  }
}
