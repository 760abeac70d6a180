package dev.gatehouse.monitoring;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gatehouse.api.telemetry.HealthCheck.Health;
import java.util.List;
import java.util.Map;

/**
 * What {@code status.json} says.
 *
 * @param ready whether every required endpoint is open
 * @param endpoints port by name
 * @param notActive bundles that should be active and are not
 * @param health components that are not up
 */
record GatewayStatus(
    @JsonProperty long pid,
    @JsonProperty String version,
    @JsonProperty boolean ready,
    @JsonProperty Map<String, Integer> endpoints,
    @JsonProperty List<InactiveBundle> notActive,
    @JsonProperty List<Health> health) {

  /** A bundle that is not active. */
  record InactiveBundle(
      @JsonProperty long id, @JsonProperty String name, @JsonProperty String state) {}
}
