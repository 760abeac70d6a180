package dev.gatehouse.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.testkit.ConfigValues;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StoreSettingsTest {

  @Test
  void defaultsAreAsDocumented() {
    assertThat(ConfigValues.defaults(StoreConfig.class))
        .isEqualTo(
            Map.of(
                "directory", "store",
                "segmentMegabytes", 16,
                "checkpointMegabytes", 32,
                "idleCheckpointMinutes", 60,
                "memoryMegabytes", 64,
                "reserveKilobytes", 4096));
    assertThat(settings(Map.of()))
        .isEqualTo(
            new StoreSettings(
                Path.of("/home/store"),
                16 << 20,
                32 << 20,
                Duration.ofHours(1),
                64 << 20,
                4096 << 10));
  }

  @Test
  void aValueOutOfRangeIsNamed() {
    assertThatThrownBy(() -> settings(Map.of("segmentMegabytes", 257)))
        .hasMessage("dev.gatehouse.store: segmentMegabytes is 257, not 1 to 256");
  }

  private static StoreSettings settings(Map<String, ?> values) {
    return StoreSettings.of(ConfigValues.of(StoreConfig.class, values), () -> Path.of("/home"));
  }
}
