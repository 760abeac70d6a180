package dev.gatehouse.drivers.things;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.api.device.DeviceStatus;
import dev.gatehouse.api.device.Line;
import dev.gatehouse.api.device.Reading;
import dev.gatehouse.api.shadow.ShadowResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the values of a device into its shadow, one update at a time. Values that come during an
 * update wait, the latest of each point, and go with the next update.
 */
final class DeviceReports {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceReports.class);
  private static final Duration RETRY = Duration.ofSeconds(10);

  /** The shadow of the thing. */
  interface Shadow {
    /** Merges a request document; {@code hops} are of the message that caused it. */
    CompletionStage<ShadowResult> update(byte[] document, int hops);
  }

  private final String name;
  private final Shadow shadow;
  private final Line line;
  private final ReportedPoints points; // guarded by this
  private boolean updating; // guarded by this
  private boolean retrying; // guarded by this
  private boolean failing; // logged once until it heals; guarded by this
  private int hops; // of the deltas since the last update; guarded by this

  /**
   * Reports of a device.
   *
   * @param name of the device and its thing, for the log
   */
  DeviceReports(String name, ReportedPoints points, Shadow shadow, Line line) {
    this.name = name;
    this.points = points;
    this.shadow = shadow;
    this.line = line;
  }

  void take(List<Reading> readings) {
    @Nullable String wrong = null;
    synchronized (this) {
      for (Reading reading : readings) {
        try {
          points.take(reading);
        } catch (IllegalArgumentException e) {
          wrong = e.getMessage();
        }
      }
    }
    if (wrong != null) {
      failed(wrong);
    }
    update();
  }

  void status(DeviceStatus status) {
    take(StatusMembers.of(status));
  }

  /** The desired value of a point was not written. */
  void refused(String pointId, String reason) {
    take(StatusMembers.refused(pointId, reason));
  }

  /** A point was written; until it has settled, readings of its old value are ignored. */
  void written(String pointId, JsonNode value, Duration settle) {
    if (!settle.isZero()) {
      synchronized (this) {
        points.written(pointId, value);
      }
      line.after(settle, () -> settled(pointId));
    }
    refused(pointId, "");
  }

  /** The next update is on account of a message with so many hops. */
  synchronized void causedBy(int hops) {
    this.hops = Math.max(this.hops, hops);
  }

  /** Logs that the device's values do not reach the shadow, once until they do again. */
  private synchronized void failed(String reason) {
    if (!failing) {
      LOG.warn("event=device-not-reported {} reason={}", name, reason);
      failing = true;
    }
  }

  private void take(Map<String, JsonNode> members) {
    synchronized (this) {
      points.take(members);
    }
    update();
  }

  private synchronized void settled(String pointId) {
    points.settled(pointId);
  }

  private void update() {
    Map<String, JsonNode> news;
    int cause;
    synchronized (this) {
      news = updating ? Map.of() : points.news();
      if (news.isEmpty()) {
        return;
      }
      updating = true;
      cause = hops;
      hops = 0;
    }
    try {
      shadow
          .update(ReportedPoints.document(news), cause)
          .whenComplete((result, error) -> updated(news, result, error));
    } catch (RuntimeException e) {
      updated(news, null, e);
    }
  }

  private void updated(
      Map<String, JsonNode> news, @Nullable ShadowResult result, @Nullable Throwable error) {
    if (result instanceof ShadowResult.Accepted) {
      synchronized (this) {
        updating = false;
        failing = false;
        points.accepted(news);
      }
      update();
    } else {
      failed(
          result instanceof ShadowResult.Rejected rejected
              ? rejected.code() + " " + rejected.message()
              : String.valueOf(error));
      retryLater();
    }
  }

  private synchronized void retryLater() {
    updating = false;
    if (!retrying) {
      retrying = true;
      line.after(RETRY, this::retry);
    }
  }

  private void retry() {
    synchronized (this) {
      retrying = false;
    }
    update();
  }
}
