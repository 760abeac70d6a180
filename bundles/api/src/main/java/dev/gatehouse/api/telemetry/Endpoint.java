package dev.gatehouse.api.telemetry;

import org.osgi.annotation.versioning.ConsumerType;

/** Whiteboard: a listener that is open as long as the service is registered. */
@ConsumerType
public interface Endpoint {

  /** {@code mqtts}, {@code https} or {@code mqtt}. */
  String name();

  /** The bound port, never 0. */
  int port();
}
