package dev.gatehouse.drivers.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.device.Point;
import dev.gatehouse.api.device.Reading;
import dev.gatehouse.api.device.WriteResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HostDriverTest {
  private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(99), ZoneOffset.UTC);

  @TempDir Path root;
  private HostDriver driver;

  @BeforeEach
  void machine() throws IOException {
    put("proc/loadavg", "0.20 1.50 3.00 2/345 6789\n");
    put("proc/uptime", "86400.55 170000.00\n");
    put("proc/meminfo", "MemTotal:  1000 kB\nMemFree:  10 kB\nMemAvailable:     512 kB\n");
    put("thermal/thermal_zone0/temp", "41500\n");
    put("thermal/thermal_zone1/temp", "48250\n");
    put("thermal/cooling_device0/temp", "99000\n");
    driver =
        new HostDriver(new HostSensors(root.resolve("proc"), root.resolve("thermal"), root), CLOCK);
  }

  @ParameterizedTest
  @CsvSource({
    "cpu.temperature, 48.25",
    "load.1m, 0.2",
    "load.5m, 1.5",
    "load.15m, 3",
    "memory.available, 524288",
    "uptime, 86400",
  })
  void aPointIsReadInItsUnit(String point, String value) {
    assertThat(readings().get(point))
        .isEqualTo(Reading.good(point, value, Instant.ofEpochMilli(99)));
  }

  @Test
  void freeSpaceIsAWholeNumberOfBytes() {
    assertThat(readings().get("disk.free").value()).matches("\\d+");
  }

  @Test
  void everyPointHasAReadingAndNoneIsWritable() {
    assertThat(readings()).hasSize(7);
    assertThat(driver.points()).noneMatch(Point::writable);
    assertThat(driver.write("uptime", "0"))
        .isEqualTo(new WriteResult.Refused("the points of host are sensors; none is writable"));
  }

  @Test
  void aMachineThatTellsNothingGivesBadReadings() {
    Path nowhere = root.resolve("nowhere");
    HostDriver blind = new HostDriver(new HostSensors(nowhere, nowhere, nowhere), CLOCK);
    assertThat(blind.read(ids()))
        .hasSize(7)
        .allMatch(reading -> reading.quality() == Reading.Quality.BAD)
        .allMatch(reading -> reading.value().equals("null"))
        .noneMatch(reading -> reading.detail().isEmpty());
  }

  @Test
  void aSensorThatTellsNonsenseIsBadAndTheOthersAreNot() throws IOException {
    put("thermal/thermal_zone0/temp", "hot");
    put("proc/meminfo", "MemTotal: 1 kB\n");
    put("proc/loadavg", "nan");
    Map<String, Reading> readings = readings();
    assertThat(readings.get("cpu.temperature").quality()).isEqualTo(Reading.Quality.BAD);
    assertThat(readings.get("memory.available").quality()).isEqualTo(Reading.Quality.BAD);
    assertThat(readings.get("load.1m").quality()).isEqualTo(Reading.Quality.BAD);
    assertThat(readings.get("load.15m").quality()).isEqualTo(Reading.Quality.BAD);
    assertThat(readings.get("uptime").quality()).isEqualTo(Reading.Quality.GOOD);
  }

  private Map<String, Reading> readings() {
    return driver.read(ids()).stream().collect(Collectors.toMap(Reading::pointId, it -> it));
  }

  private Set<String> ids() {
    return driver.points().stream().map(Point::id).collect(Collectors.toSet());
  }

  private void put(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
