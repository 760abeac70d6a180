package dev.gatehouse.drivers.things;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.device.Point;
import dev.gatehouse.api.device.Reading;
import dev.gatehouse.json.Json;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The latest value of each member of {@code reported}, and which of them the shadow does not have
 * yet. One value is kept for each member, however fast values come. One thread at a time.
 */
final class ReportedPoints {
  private final Map<String, BigDecimal> deadbands = new HashMap<>();
  private final Map<String, JsonNode> latest = new HashMap<>();
  private final Map<String, JsonNode> reported = new HashMap<>();
  private final Set<String> unreported = new TreeSet<>();
  private final Map<String, JsonNode> written = new HashMap<>();

  /**
   * Values of a device.
   *
   * @param deadband of points that name none of their own
   */
  ReportedPoints(Collection<Point> points, BigDecimal deadband) {
    for (Point point : points) {
      deadbands.put(point.id(), Objects.requireNonNullElse(point.sampling().deadband(), deadband));
    }
  }

  /**
   * Takes a reading. A reading of an unknown point is ignored, and so is the old value of a point
   * that was just written.
   *
   * @throws IllegalArgumentException if the value is not the JSON of a number, string or boolean
   */
  void take(Reading reading) {
    String id = reading.pointId();
    if (!deadbands.containsKey(id)) {
      return;
    }
    JsonNode value = value(reading);
    @Nullable JsonNode expected = written.get(id);
    if (expected == null || same(expected, value)) {
      written.remove(id);
      take(id, value);
    }
  }

  /** Takes members that are no points. */
  void take(Map<String, JsonNode> members) {
    members.forEach(this::take);
  }

  /** From now to {@link #settled}, readings of the point other than the written value are old. */
  void written(String pointId, JsonNode value) {
    written.put(pointId, value);
  }

  /** The device had the time to show the value that was written. */
  void settled(String pointId) {
    written.remove(pointId);
  }

  /** The values that the shadow does not have; null values remove their members. */
  Map<String, JsonNode> news() {
    Map<String, JsonNode> news = new LinkedHashMap<>();
    for (String id : unreported) {
      news.put(id, Objects.requireNonNull(latest.get(id)));
    }
    return news;
  }

  /** The shadow has taken these values. */
  void accepted(Map<String, JsonNode> news) {
    news.forEach(
        (id, value) -> {
          reported.put(id, value);
          take(id, Objects.requireNonNull(latest.get(id)));
        });
  }

  /** The request document that reports values. */
  static byte[] document(Map<String, JsonNode> news) {
    ObjectNode document = Json.object();
    ObjectNode values = document.putObject("state").putObject("reported");
    news.forEach((id, value) -> PointTree.put(values, id, value));
    return Json.bytes(document);
  }

  private void take(String id, JsonNode value) {
    latest.put(id, value);
    if (isNews(id, value)) {
      unreported.add(id);
    } else {
      unreported.remove(id);
    }
  }

  private boolean isNews(String id, JsonNode value) {
    @Nullable JsonNode before = reported.get(id);
    if (before == null) {
      return true; // the shadow may hold a value from before the start
    }
    if (before.isNumber() && value.isNumber()) {
      BigDecimal moved = before.decimalValue().subtract(value.decimalValue()).abs();
      return moved.compareTo(deadbands.getOrDefault(id, BigDecimal.ZERO)) > 0;
    }
    return !before.equals(value);
  }

  private static boolean same(JsonNode one, JsonNode other) {
    if (one.isNumber() && other.isNumber()) {
      return one.decimalValue().compareTo(other.decimalValue()) == 0;
    }
    return one.equals(other);
  }

  private static JsonNode value(Reading reading) {
    if (reading.quality() == Reading.Quality.BAD) {
      return NullNode.getInstance();
    }
    JsonNode value;
    try {
      value = Json.parse(reading.value().getBytes(StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "the value of point '%s' is not JSON: %s".formatted(reading.pointId(), reading.value()),
          e);
    }
    if (!value.isNumber() && !value.isTextual() && !value.isBoolean()) {
      throw new IllegalArgumentException(
          "the value of point '%s' is %s; it must be a number, a string or a boolean"
              .formatted(reading.pointId(), reading.value()));
    }
    return value;
  }
}
