package dev.gatehouse.monitoring;

import dev.gatehouse.api.home.GatewayHome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/** {@link MonitoringConfig}, validated. */
record MonitoringSettings(Path directory, Set<String> requiredEndpoints, Duration healthInterval) {

  static MonitoringSettings of(MonitoringConfig config, GatewayHome home) {
    int seconds = config.healthIntervalSeconds();
    if (seconds < 1 || seconds > 3600) {
      throw new IllegalArgumentException(
          "dev.gatehouse.monitoring: healthIntervalSeconds is " + seconds + ", not 1 to 3600");
    }
    return new MonitoringSettings(
        home.resolve(config.directory()),
        Set.of(config.requiredEndpoints()),
        Duration.ofSeconds(seconds));
  }
}
