package dev.gatehouse.drivers.things;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.api.device.DeviceDriver;
import dev.gatehouse.api.device.Point;
import dev.gatehouse.api.device.WriteResult;
import dev.gatehouse.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The writable points of a device. */
final class DesiredPoints {
  private final DeviceDriver driver;
  private final Map<String, Point.ValueType> writable = new TreeMap<>();

  DesiredPoints(DeviceDriver driver, Collection<Point> points) {
    this.driver = driver;
    points.stream()
        .filter(Point::writable)
        .forEach(point -> writable.put(point.id(), point.type()));
  }

  /** The desired values of a shadow's delta, as JSON text, by the ids of writable points. */
  Map<String, String> of(JsonNode delta) {
    return PointTree.values(delta, writable.keySet());
  }

  /** Writes a value whose type fits the point. */
  WriteResult write(String pointId, String value) throws InterruptedException {
    Point.ValueType wanted = Objects.requireNonNull(writable.get(pointId), pointId);
    JsonNode json = json(value);
    boolean fits =
        switch (wanted) {
          case NUMBER -> json.isNumber();
          case TEXT -> json.isTextual();
          case BOOLEAN -> json.isBoolean();
        };
    if (!fits) {
      return new WriteResult.Refused(
          "%s is not a %s".formatted(value, wanted.name().toLowerCase(Locale.ROOT)));
    }
    return driver.write(pointId, value);
  }

  static JsonNode json(String value) {
    try {
      return Json.parse(value.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalArgumentException("not JSON: " + value, e);
    }
  }
}
