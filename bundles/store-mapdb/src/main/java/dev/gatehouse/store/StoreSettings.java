package dev.gatehouse.store;

import dev.gatehouse.api.home.GatewayHome;
import java.nio.file.Path;
import java.time.Duration;

/** {@link StoreConfig}, validated; sizes in bytes. */
record StoreSettings(
    Path directory,
    long segmentBytes,
    long checkpointBytes,
    Duration idleCheckpoint,
    long memoryBytes,
    long reserveBytes) {

  static StoreSettings of(StoreConfig config, GatewayHome home) {
    return new StoreSettings(
        home.resolve(config.directory()),
        (long) within("segmentMegabytes", config.segmentMegabytes(), 1, 256) << 20,
        (long) within("checkpointMegabytes", config.checkpointMegabytes(), 1, 1024) << 20,
        Duration.ofMinutes(
            within("idleCheckpointMinutes", config.idleCheckpointMinutes(), 1, 1440)),
        (long) within("memoryMegabytes", config.memoryMegabytes(), 1, 4096) << 20,
        (long) within("reserveKilobytes", config.reserveKilobytes(), 64, 1 << 20) << 10);
  }

  private static int within(String name, int value, int lowest, int highest) {
    if (value < lowest || value > highest) {
      throw new IllegalArgumentException(
          "dev.gatehouse.store: %s is %d, not %d to %d".formatted(name, value, lowest, highest));
    }
    return value;
  }
}
