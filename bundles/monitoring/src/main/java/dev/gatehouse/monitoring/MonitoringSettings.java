package dev.gatehouse.monitoring;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@link MonitoringConfig}, validated. */
record MonitoringSettings(Path directory, Set<String> requiredEndpoints, Duration healthInterval) {

  static MonitoringSettings of(MonitoringConfig config) {
    @Nullable String directory = config.directory();
    if (directory == null || directory.isBlank()) {
      throw new IllegalArgumentException("dev.gatehouse.monitoring: directory is not set");
    }
    int seconds = config.healthIntervalSeconds();
    if (seconds < 1 || seconds > 3600) {
      throw new IllegalArgumentException(
          "dev.gatehouse.monitoring: healthIntervalSeconds is " + seconds + ", not 1 to 3600");
    }
    return new MonitoringSettings(
        Path.of(directory), Set.of(config.requiredEndpoints()), Duration.ofSeconds(seconds));
  }
}
