package dev.gatehouse.drivers.things;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.device.Reading;
import dev.gatehouse.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the shadow was last told, and what is news to it. One thread at a time. */
final class ReportedPoints {
  private final double deadband;
  private final Map<String, JsonNode> reported = new HashMap<>();

  ReportedPoints(double deadband) {
    this.deadband = deadband;
  }

  /**
   * The values to report: those that changed, and null for a point that went bad after it was good.
   *
   * @throws IllegalArgumentException if a driver gives a value that is not JSON
   */
  Map<String, JsonNode> news(List<Reading> readings) {
    Map<String, JsonNode> news = new LinkedHashMap<>();
    for (Reading reading : readings) {
      JsonNode value = value(reading);
      JsonNode before = reported.getOrDefault(reading.pointId(), NullNode.getInstance());
      if (changed(before, value)) {
        news.put(reading.pointId(), value);
      }
    }
    return news;
  }

  /** The shadow took it. */
  void accepted(Map<String, JsonNode> news) {
    reported.putAll(news);
  }

  /** The request document that reports. */
  static byte[] document(Map<String, JsonNode> news) {
    ObjectNode document = Json.object();
    ObjectNode values = document.putObject("state").putObject("reported");
    news.forEach(values::set);
    return Json.bytes(document);
  }

  private static JsonNode value(Reading reading) {
    if (reading.quality() == Reading.Quality.BAD) {
      return NullNode.getInstance();
    }
    try {
      return Json.parse(reading.value().getBytes(StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "point '" + reading.pointId() + "' has a value that is not JSON", e);
    }
  }

  private boolean changed(JsonNode before, JsonNode now) {
    if (before.isNumber() && now.isNumber()) {
      return Math.abs(now.doubleValue() - before.doubleValue()) > deadband;
    }
    return !before.equals(now);
  }
}
