package dev.gatehouse.drivers.things;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.api.device.DeviceDriver;
import dev.gatehouse.api.device.DeviceStatus;
import dev.gatehouse.api.device.Line;
import dev.gatehouse.api.device.Point;
import dev.gatehouse.api.device.Reading;
import dev.gatehouse.api.device.ReadingSink;
import dev.gatehouse.api.device.Sampling;
import dev.gatehouse.api.device.WriteResult;
import dev.gatehouse.api.shadow.ShadowResult;
import dev.gatehouse.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One device and its thing: polls the device, takes what it pushes, and writes what the shadow's
 * delta wants. Everything that may block runs on the device's line.
 */
final class DeviceThing implements ReadingSink, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceThing.class);

  private final ThingsSettings settings;
  private final DeviceDriver driver;
  private final Line line;
  private final DesiredPoints desired;
  private final DeviceReports reports;
  private final List<Point> points;
  private DeviceDriver.Connection connection = () -> {};
  private volatile boolean unreadable; // the driver threw; logged once until it reads again

  /**
   * A device that is not polled yet.
   *
   * @throws IllegalArgumentException if ids of its points collide
   */
  DeviceThing(
      ThingsSettings settings, DeviceDriver driver, DeviceReports.Shadow shadow, Line line) {
    this.settings = settings;
    this.driver = driver;
    this.line = line;
    this.points = List.copyOf(driver.points());
    PointTree.check(points.stream().map(Point::id).toList());
    this.desired = new DesiredPoints(driver, points);
    this.reports =
        new DeviceReports(
            settings.name(), new ReportedPoints(points, settings.deadband()), shadow, line);
  }

  /** Begins to poll and to listen, and writes what is desired since before the start. */
  void start() {
    status(driver.status());
    connection = driver.connect(this);
    Map<Duration, Set<String>> polls = new TreeMap<>();
    for (Point point : points) {
      Sampling sampling = point.sampling();
      if (sampling.mode() == Sampling.Mode.POLL) {
        Duration interval = Objects.requireNonNullElse(sampling.interval(), settings.interval());
        polls.computeIfAbsent(interval, any -> new TreeSet<>()).add(point.id());
      }
    }
    polls.forEach((interval, ids) -> line.repeat(interval, () -> poll(ids)));
  }

  @Override
  public void readings(List<Reading> readings) {
    reports.take(readings);
  }

  @Override
  public void status(DeviceStatus status) {
    reports.status(status);
  }

  DeviceStatus status() {
    return driver.status();
  }

  /** Reports that the device has gone, and leaves it alone from now on. */
  void remove(String reason) {
    close();
    reports.status(DeviceStatus.offline(reason));
  }

  @Override
  public void close() {
    connection.close();
    line.close();
  }

  /**
   * Queues the writes that a shadow document wants.
   *
   * @param state the desired values that differ from the reported ones
   * @param hops of the message that brought them
   * @return false if the line has too much to do
   */
  boolean write(JsonNode state, int hops) {
    Map<String, String> wanted = desired.of(state);
    return wanted.isEmpty()
        || line.run(
            () -> {
              reports.causedBy(hops);
              wanted.forEach(this::write);
            });
  }

  /** The {@code delta} of a whole shadow document, as the answer to a get has it. */
  void writeDelta(ShadowResult document) {
    if (document instanceof ShadowResult.Accepted accepted) {
      try {
        write(Json.parse(accepted.document()).path("state").path("delta"), 0);
      } catch (IOException e) {
        LOG.warn("event=shadow-unreadable {} reason={}", settings.name(), e.toString());
      }
    }
  }

  private void poll(Set<String> ids) {
    try {
      List<Reading> readings = driver.read(ids);
      unreadable = false;
      status(driver.status());
      readings(readings);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      if (!unreadable) {
        LOG.error("event=driver-failed {} points={}", settings.name(), ids, e);
      }
      unreadable = true;
    }
  }

  private void write(String pointId, String value) {
    try {
      WriteResult result = desired.write(pointId, value);
      if (result instanceof WriteResult.Done done) {
        reports.written(pointId, DesiredPoints.json(value), done.settle());
        readBack(pointId);
      } else if (result instanceof WriteResult.Refused refused) {
        notWritten(pointId, value, refused.reason());
      } else if (result instanceof WriteResult.Failed failed) {
        notWritten(pointId, value, failed.reason());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      notWritten(pointId, value, "the driver failed: " + e);
    }
  }

  private void readBack(String pointId) {
    points.stream()
        .filter(point -> point.id().equals(pointId))
        .filter(point -> point.sampling().mode() == Sampling.Mode.POLL)
        .forEach(point -> poll(Set.of(pointId)));
  }

  private void notWritten(String pointId, String value, String reason) {
    LOG.warn(
        "event=point-not-written {} point={} value={} reason={}",
        settings.name(),
        pointId,
        value,
        reason);
    reports.refused(pointId, reason);
  }
}
