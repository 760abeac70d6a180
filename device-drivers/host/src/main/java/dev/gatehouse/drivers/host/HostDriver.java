package dev.gatehouse.drivers.host;

import dev.gatehouse.api.device.DeviceDriver;
import dev.gatehouse.api.device.DeviceStatus;
import dev.gatehouse.api.device.Point;
import dev.gatehouse.api.device.Reading;
import dev.gatehouse.api.device.WriteResult;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The machine that the gateway runs on, as equipment named {@code host}. */
@Component(configurationPid = "dev.gatehouse.drivers.host")
@Designate(ocd = HostConfig.class)
public final class HostDriver implements DeviceDriver {
  private static final Logger LOG = LoggerFactory.getLogger(HostDriver.class);

  private final Clock clock;
  private final List<Point> points = new ArrayList<>();
  private final Map<String, Sensor> sensors = new HashMap<>();

  /** Reads where Linux keeps it. */
  @Activate
  public HostDriver(HostConfig config) {
    this(
        new HostSensors(
            Path.of("/proc"), Path.of("/sys/class/thermal"), HostSettings.of(config).diskPath()),
        Clock.systemUTC());
  }

  HostDriver(HostSensors host, Clock clock) {
    this.clock = clock;
    add("cpu.temperature", "Hottest thermal zone", "Cel", host::temperature);
    add("load.1m", "Load average of 1 minute", "", () -> host.load(0));
    add("load.5m", "Load average of 5 minutes", "", () -> host.load(1));
    add("load.15m", "Load average of 15 minutes", "", () -> host.load(2));
    add("memory.available", "Memory that programs can get", "By", host::memoryAvailable);
    add("disk.free", "Free space of the configured path", "By", host::diskFree);
    add("uptime", "Time since the machine started", "s", host::uptime);
  }

  private void add(String id, String description, String unit, Sensor sensor) {
    points.add(Point.sensor(id, description, unit));
    sensors.put(id, sensor);
  }

  @Override
  public String deviceId() {
    return "host";
  }

  @Override
  public List<Point> points() {
    return List.copyOf(points);
  }

  @Override
  public DeviceStatus status() {
    return DeviceStatus.ONLINE;
  }

  @Override
  public List<Reading> read(Set<String> pointIds) {
    return pointIds.stream().map(this::read).toList();
  }

  private Reading read(String id) {
    Sensor sensor = sensors.get(id);
    if (sensor == null) {
      return Reading.bad(id, clock.instant(), "host has no such point");
    }
    try {
      String value =
          new BigDecimal(Double.toString(sensor.read())).stripTrailingZeros().toPlainString();
      return Reading.good(id, value, clock.instant());
    } catch (IOException | NumberFormatException e) {
      // A board without the sensor would log this at each reading; the quality says it too.
      LOG.debug("event=sensor-unreadable point={} reason={}", id, e.toString());
      return Reading.bad(id, clock.instant(), e.toString());
    }
  }

  @Override
  public WriteResult write(String pointId, String value) {
    return new WriteResult.Refused("the points of host are sensors; none is writable");
  }
}
