package dev.gatehouse.functions.machinelearning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.testkit.ConfigValues;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelsSettingsTest {

  @Test
  void defaultsAreAsDocumented() {
    assertThat(ConfigValues.defaults(ModelsConfig.class))
        .isEqualTo(Map.of("directory", "models", "models", 8));
    assertThat(settings(Map.of())).isEqualTo(new ModelsSettings(Path.of("/home/models"), 8));
  }

  @Test
  void aValueOutOfRangeIsNamed() {
    assertThatThrownBy(() -> settings(Map.of("models", 1_001)))
        .hasMessageEndingWith("models is 1001, not 1 to 1000");
  }

  private static ModelsSettings settings(Map<String, ?> values) {
    return ModelsSettings.of(ConfigValues.of(ModelsConfig.class, values), () -> Path.of("/home"));
  }
}
