package dev.gatehouse.monitoring;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.gatehouse.api.telemetry.HealthCheck.Health;
import java.io.IOException;
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
    long pid,
    String version,
    boolean ready,
    Map<String, Integer> endpoints,
    List<InactiveBundle> notActive,
    List<Health> health) {

  /** A bundle that is not active. */
  record InactiveBundle(long id, String name, String state) {}

  void write(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeNumberField("pid", pid);
    out.writeStringField("version", version);
    out.writeBooleanField("ready", ready);
    out.writeObjectFieldStart("endpoints");
    for (Map.Entry<String, Integer> endpoint : endpoints.entrySet()) {
      out.writeNumberField(endpoint.getKey(), endpoint.getValue());
    }
    out.writeEndObject();
    out.writeArrayFieldStart("notActive");
    for (InactiveBundle bundle : notActive) {
      out.writeStartObject();
      out.writeNumberField("id", bundle.id());
      out.writeStringField("name", bundle.name());
      out.writeStringField("state", bundle.state());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeArrayFieldStart("health");
    for (Health component : health) {
      out.writeStartObject();
      out.writeStringField("component", component.component());
      out.writeStringField("state", component.state().name());
      out.writeStringField("message", component.message());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }
}
