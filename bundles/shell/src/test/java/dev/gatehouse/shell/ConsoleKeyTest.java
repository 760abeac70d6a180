package dev.gatehouse.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.telemetry.Metric;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleKeyTest {
  @TempDir Path directory;

  @Test
  void theKeyIsMadeOnceAndLetsItsOwnerInBesideOthers() throws Exception {
    Path keys = directory.resolve("keys.properties");
    Files.writeString(keys, "# who may log in\nsomebody=AAAA,_g_:admingroup\n");
    Path key = directory.resolve("secrets/console.key");
    assertThat(new ConsoleKey(key, keys).ensure()).isTrue();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(key)).startsWith("-----BEGIN PRIVATE KEY-----");
    assertThat(Files.readAllLines(keys))
        .contains("# who may log in", "somebody=AAAA,_g_:admingroup")
        .anyMatch(line -> line.matches("gatehouse=AAAAB3NzaC1yc2E.*,_g_:admingroup"));
    String made = Files.readString(key);
    assertThat(new ConsoleKey(key, keys).ensure()).isFalse();
    assertThat(Files.readString(key)).isEqualTo(made);
  }

  @Test
  void metricsAreWrittenAsPrometheusWritesThem() {
    assertThat(MetricsCommand.line(Metric.counter("calls_total", 7))).isEqualTo("calls_total 7");
    assertThat(
            MetricsCommand.line(
                new Metric("x", Metric.Kind.GAUGE, 0.5, Map.of("b", "2", "a", "say \"hi\""))))
        .isEqualTo("x{a=\"say \\\"hi\\\"\",b=\"2\"} 0.5");
  }
}
