package dev.gatehouse.api.telemetry;

import org.osgi.annotation.versioning.ConsumerType;

/** Whiteboard: how a component is, asked when somebody wants to know. Never blocks. */
@ConsumerType
public interface HealthCheck {

  /** How it is now. */
  Health health();

  /**
   * A component's state.
   *
   * @param component such as {@code store}
   * @param message what is wrong and what to do; empty when {@link State#UP}
   */
  record Health(String component, State state, String message) {}

  /** How bad it is. */
  enum State {
    UP,
    DEGRADED,
    DOWN
  }
}
