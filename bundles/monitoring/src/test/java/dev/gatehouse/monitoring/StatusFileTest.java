package dev.gatehouse.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.telemetry.HealthCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusFileTest {
  @TempDir Path directory;

  private static GatewayStatus status(boolean ready) {
    return new GatewayStatus(
        42,
        "0.1.0",
        ready,
        Map.of("mqtts", 8883),
        List.of(new GatewayStatus.InactiveBundle(7, "dev.gatehouse.shadow", "RESOLVED")),
        List.of(new HealthCheck.Health("store", HealthCheck.State.DEGRADED, "the disk is full")));
  }

  @Test
  void aMemberALineSoThatAShellCanReadIt() throws IOException {
    new StatusFile(directory.resolve("run")).write(status(true));
    assertThat(Files.readAllLines(directory.resolve("run/status.json")))
        .contains("  \"pid\" : 42,", "  \"ready\" : true,", "    \"mqtts\" : 8883")
        .anyMatch(line -> line.contains("dev.gatehouse.shadow"))
        .anyMatch(line -> line.contains("the disk is full"));
  }

  @Test
  void whatIsNotNewIsNotWritten() throws IOException {
    StatusFile file = new StatusFile(directory);
    file.write(status(true));
    Path path = directory.resolve("status.json");
    FileTime longAgo = FileTime.fromMillis(0);
    Files.setLastModifiedTime(path, longAgo);
    file.write(status(true));
    assertThat(Files.getLastModifiedTime(path)).isEqualTo(longAgo);
    file.write(status(false));
    assertThat(Files.readString(path)).contains("\"ready\" : false");
    file.delete();
    assertThat(path).doesNotExist();
  }
}
