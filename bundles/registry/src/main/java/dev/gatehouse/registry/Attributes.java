package dev.gatehouse.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.json.Json;
import dev.gatehouse.json.JsonBody;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Attributes as bodies and rows have them. */
final class Attributes {
  private Attributes() {}

  /** Sorted: one form for equal attributes. */
  static ObjectNode node(Map<String, String> attributes) {
    ObjectNode node = Json.object();
    new TreeMap<>(attributes).forEach(node::put);
    return node;
  }

  static Map<String, String> map(JsonNode node) {
    Map<String, String> attributes = new LinkedHashMap<>();
    node.properties().forEach(entry -> attributes.put(entry.getKey(), entry.getValue().asText()));
    return attributes;
  }

  /** Those of an {@code attributePayload} for something new. */
  static Map<String, String> created(JsonBody body) {
    return body.object("attributePayload")
        .flatMap(payload -> payload.object("attributes"))
        .map(JsonBody::texts)
        .orElse(Map.of());
  }

  /** What an {@code attributePayload} makes of the attributes that were there. */
  static Map<String, String> updated(JsonBody body, Map<String, String> before) {
    Optional<JsonBody> payload = body.object("attributePayload");
    Map<String, String> attributes = new HashMap<>();
    if (payload.isEmpty() || payload.get().flag("merge").orElse(false)) {
      attributes.putAll(before);
    }
    payload
        .flatMap(given -> given.object("attributes"))
        .ifPresent(given -> attributes.putAll(given.texts()));
    attributes.values().removeIf(String::isEmpty); // an empty value removes the attribute
    return attributes;
  }
}
