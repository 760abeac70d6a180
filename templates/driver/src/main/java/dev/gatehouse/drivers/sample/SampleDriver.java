package dev.gatehouse.drivers.sample;

import dev.gatehouse.api.device.DeviceDriver;
import dev.gatehouse.api.device.DeviceStatus;
import dev.gatehouse.api.device.Point;
import dev.gatehouse.api.device.Reading;
import dev.gatehouse.api.device.WriteResult;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Equipment named {@code sample}. */
@Component
public final class SampleDriver implements DeviceDriver {
  private static final String UNWRITTEN = "SampleDriver.read is not written yet";

  private final Clock clock;

  /** Takes the system's clock. */
  @Activate
  public SampleDriver() {
    this(Clock.systemUTC());
  }

  SampleDriver(Clock clock) {
    this.clock = clock;
  }

  @Override
  public String deviceId() {
    return "sample";
  }

  @Override
  public List<Point> points() {
    return List.of(Point.sensor("temperature", "Temperature", "Cel"));
  }

  @Override
  public DeviceStatus status() {
    return DeviceStatus.fault(UNWRITTEN);
  }

  @Override
  public List<Reading> read(Set<String> pointIds) {
    return pointIds.stream().map(id -> Reading.bad(id, clock.instant(), UNWRITTEN)).toList();
  }

  @Override
  public WriteResult write(String pointId, String value) {
    return new WriteResult.Refused("the points of sample are sensors; none is writable");
  }
}
