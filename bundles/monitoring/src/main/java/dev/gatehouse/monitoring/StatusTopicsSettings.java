package dev.gatehouse.monitoring;

import java.time.Duration;

/** {@link StatusTopicsConfig}, validated. */
record StatusTopicsSettings(Duration interval) {

  static StatusTopicsSettings of(StatusTopicsConfig config) {
    int seconds = config.intervalSeconds();
    if (seconds < 1 || seconds > 3600) {
      throw new IllegalArgumentException(
          "dev.gatehouse.monitoring.topics: intervalSeconds is " + seconds + ", not 1 to 3600");
    }
    return new StatusTopicsSettings(Duration.ofSeconds(seconds));
  }
}
