package dev.gatehouse.drivers.things;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.json.Json;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * Point ids as paths of a JSON object: {@code cpu.temperature} is {@code {"cpu": {"temperature":
 * …}}}, so that rule SQL reaches the value as {@code state.reported.cpu.temperature}.
 */
final class PointTree {
  private PointTree() {}

  /**
   * Checks that no id is a prefix of another one's path: a member cannot be a value and an object.
   *
   * @throws IllegalArgumentException if two ids collide, or if one takes the status's name
   */
  static void check(Collection<String> pointIds) {
    String previous = null;
    // In this order every id comes directly after the longest id that is a prefix of it.
    for (String id : new TreeSet<>(pointIds.stream().map(it -> it.replace('.', '\0')).toList())) {
      if (id.equals(StatusMembers.ROOT) || id.startsWith(StatusMembers.ROOT + "\0")) {
        throw new IllegalArgumentException(
            "the point id '%s' is taken by the status of the device"
                .formatted(id.replace('\0', '.')));
      }
      if (previous != null && id.startsWith(previous + "\0")) {
        throw new IllegalArgumentException(
            "the point '%s' is a value, so '%s' cannot be a member of it"
                .formatted(previous.replace('\0', '.'), id.replace('\0', '.')));
      }
      previous = id;
    }
  }

  /** Puts a value at the path of a point. */
  static void put(ObjectNode root, String pointId, JsonNode value) {
    String[] segments = pointId.split("\\.");
    ObjectNode node = root;
    for (int i = 0; i < segments.length - 1; i++) {
      node = node.withObjectProperty(segments[i]);
    }
    node.set(segments[segments.length - 1], value);
  }

  /** The values at the paths of points, as JSON text; only numbers, strings and booleans. */
  static Map<String, String> values(JsonNode root, Collection<String> pointIds) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String id : pointIds) {
      JsonNode node = root;
      for (String segment : id.split("\\.")) {
        node = node.path(segment);
      }
      if (node.isValueNode() && !node.isNull() && !node.isMissingNode()) {
        values.put(id, Json.text(node));
      }
    }
    return values;
  }
}
