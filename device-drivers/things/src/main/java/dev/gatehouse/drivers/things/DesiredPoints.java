package dev.gatehouse.drivers.things;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.json.Json;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What a shadow's delta wants of a driver. */
final class DesiredPoints {
  private DesiredPoints() {}

  /**
   * The wanted values by point, as JSON text: only of writable points, only numbers, strings and
   * booleans.
   *
   * @throws IOException if the document is not JSON
   */
  static Map<String, String> of(Payload delta, Set<String> writable) throws IOException {
    JsonNode state = Json.parse(delta.bytes()).path("state");
    Map<String, String> wanted = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> member : state.properties()) {
      JsonNode value = member.getValue();
      if (writable.contains(member.getKey()) && value.isValueNode() && !value.isNull()) {
        wanted.put(member.getKey(), Json.text(value));
      }
    }
    return wanted;
  }
}
