package dev.gatehouse.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.testkit.ConfigValues;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MonitoringSettingsTest {

  @Test
  void defaultsAreAsDocumented() {
    assertThat(ConfigValues.defaults(MonitoringConfig.class))
        .isEqualTo(
            Map.of(
                "directory",
                "run",
                "deployDirectory",
                "deploy",
                "requiredEndpoints",
                List.of("mqtts", "https"),
                "healthIntervalSeconds",
                10));
    assertThat(settings(Map.of()))
        .isEqualTo(
            new MonitoringSettings(
                Path.of("/home/run"), Set.of("mqtts", "https"), Duration.ofSeconds(10)));
    assertThat(ConfigValues.defaults(StatusTopicsConfig.class))
        .isEqualTo(Map.of("intervalSeconds", 10));
    assertThat(topics(10).interval()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void aValueOutOfRangeIsNamed() {
    assertThatThrownBy(() -> settings(Map.of("healthIntervalSeconds", 0)))
        .hasMessage("dev.gatehouse.monitoring: healthIntervalSeconds is 0, not 1 to 3600");
    assertThatThrownBy(() -> topics(3601))
        .hasMessage("dev.gatehouse.monitoring.topics: intervalSeconds is 3601, not 1 to 3600");
  }

  private static MonitoringSettings settings(Map<String, ?> values) {
    return MonitoringSettings.of(
        ConfigValues.of(MonitoringConfig.class, values), () -> Path.of("/home"));
  }

  private static StatusTopicsSettings topics(int seconds) {
    return StatusTopicsSettings.of(
        ConfigValues.of(StatusTopicsConfig.class, Map.of("intervalSeconds", seconds)));
  }
}
