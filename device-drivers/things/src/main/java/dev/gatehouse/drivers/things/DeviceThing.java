package dev.gatehouse.drivers.things;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.api.device.DeviceDriver;
import dev.gatehouse.api.device.Point;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.shadow.ShadowResult;
import dev.gatehouse.api.shadow.ShadowService;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One device and its shadow. Everything happens on the one thread of its executor. */
final class DeviceThing {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceThing.class);

  private final ThingsSettings settings;
  private final DeviceDriver driver;
  private final ShadowService shadows;
  private final Executor executor;
  private final ReportedPoints points;
  private boolean reporting; // an update is under way
  private int hops; // of the deltas since the last report, which is on account of them
  private boolean failing; // logged once until it heals

  DeviceThing(
      ThingsSettings settings, DeviceDriver driver, ShadowService shadows, Executor executor) {
    this.settings = settings;
    this.driver = driver;
    this.shadows = shadows;
    this.executor = executor;
    this.points = new ReportedPoints(settings.deadband());
  }

  /** Reads the device and reports what changed, unless the last report is still under way. */
  void report() {
    if (reporting) {
      return;
    }
    try {
      Map<String, JsonNode> news = points.news(driver.read());
      if (news.isEmpty()) {
        return;
      }
      reporting = true;
      shadows
          .update(settings.shadow(), ReportedPoints.document(news), hops)
          .whenCompleteAsync((result, error) -> reported(news, result, error), executor);
      hops = 0;
    } catch (RuntimeException e) {
      reporting = false;
      failed(e.toString());
    }
  }

  /** Gives the driver what the shadow's delta wants of its writable points. */
  void write(Message delta) {
    try {
      Map<String, String> wanted =
          DesiredPoints.of(
              delta.payload(),
              driver.points().stream()
                  .filter(Point::writable)
                  .map(Point::id)
                  .collect(Collectors.toSet()));
      hops = Math.max(hops, delta.hops());
      wanted.forEach(this::write);
      if (!wanted.isEmpty()) {
        report();
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("event=delta-unread {} reason={}", name(), e.toString());
    }
  }

  private void write(String point, String value) {
    try {
      driver.write(point, value);
    } catch (RuntimeException e) {
      LOG.warn("event=point-not-written {} point={} reason={}", name(), point, e.toString());
    }
  }

  private void reported(
      Map<String, JsonNode> news, @Nullable ShadowResult result, @Nullable Throwable error) {
    reporting = false;
    if (result instanceof ShadowResult.Accepted) {
      points.accepted(news);
      failing = false;
    } else if (result instanceof ShadowResult.Rejected rejected) {
      failed(rejected.code() + " " + rejected.message());
    } else {
      failed(String.valueOf(error));
    }
  }

  private void failed(String reason) {
    if (!failing) {
      LOG.warn("event=device-not-reported {} reason={}", name(), reason);
      failing = true;
    }
  }

  private String name() {
    return "device=" + settings.deviceId() + " thing=" + settings.shadow().thingName();
  }
}
