package dev.gatehouse.testkit;

import dev.gatehouse.api.device.DeviceDriver;
import dev.gatehouse.api.device.DeviceStatus;
import dev.gatehouse.api.device.Point;
import dev.gatehouse.api.device.Reading;
import dev.gatehouse.api.device.ReadingSink;
import dev.gatehouse.api.device.WriteResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Equipment whose values a test sets; a point without a value is unreadable. */
public final class DummyDevice implements DeviceDriver {
  private final String deviceId;
  private final String lineId;
  private final List<Point> points;
  private final Map<String, String> values = new ConcurrentHashMap<>();
  private final List<Set<String>> reads = new CopyOnWriteArrayList<>();
  private final List<String> writes = new CopyOnWriteArrayList<>();
  private volatile DeviceStatus status = DeviceStatus.ONLINE;
  private volatile WriteResult result = WriteResult.DONE;
  private volatile @Nullable ReadingSink sink;

  /** Equipment on a line that it may share. */
  public DummyDevice(String deviceId, String lineId, List<Point> points) {
    this.deviceId = deviceId;
    this.lineId = lineId;
    this.points = List.copyOf(points);
  }

  /** Sets the JSON text of a value; the next poll reads it. */
  public DummyDevice set(String pointId, String value) {
    values.put(pointId, value);
    return this;
  }

  /** Makes a point unreadable. */
  public void unset(String pointId) {
    values.remove(pointId);
  }

  /** What {@link #status()} gives; told to the sink too. */
  public void status(DeviceStatus now) {
    status = now;
    if (sink != null) {
      sink.status(now);
    }
  }

  /** Pushes values; fails if nobody listens. */
  public void push(Reading... readings) {
    if (sink == null) {
      throw new IllegalStateException("nobody listens to " + deviceId);
    }
    sink.readings(List.of(readings));
  }

  /** Whether somebody listens to what is pushed. */
  public boolean isConnected() {
    return sink != null;
  }

  /** What the next writes return; only a done one changes the value. */
  public void writesReturn(WriteResult next) {
    result = next;
  }

  /** The points of each poll, in order. */
  public List<Set<String>> reads() {
    return List.copyOf(reads);
  }

  /** The writes as {@code point=value}, in order. */
  public List<String> writes() {
    return List.copyOf(writes);
  }

  @Override
  public String deviceId() {
    return deviceId;
  }

  @Override
  public String lineId() {
    return lineId;
  }

  @Override
  public List<Point> points() {
    return points;
  }

  @Override
  public DeviceStatus status() {
    return status;
  }

  @Override
  public Connection connect(ReadingSink listener) {
    sink = listener;
    return () -> sink = null;
  }

  @Override
  public List<Reading> read(Set<String> pointIds) {
    reads.add(Set.copyOf(pointIds));
    List<Reading> readings = new ArrayList<>();
    for (String id : pointIds) {
      String value = values.get(id);
      readings.add(
          value == null
              ? Reading.bad(id, Instant.EPOCH, "no value is set")
              : Reading.good(id, value, Instant.EPOCH));
    }
    return readings;
  }

  @Override
  public WriteResult write(String pointId, String value) {
    writes.add(pointId + "=" + value);
    if (result instanceof WriteResult.Done done && done.settle().isZero()) {
      values.put(pointId, value);
    }
    return result;
  }
}
