package dev.gatehouse.shadow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.testkit.ConfigValues;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShadowSettingsTest {

  @Test
  void defaultsAreTheLimitsOfTheGuide() {
    assertThat(ConfigValues.defaults(ShadowConfig.class))
        .isEqualTo(Map.of("maxLevels", 5, "lifetimeDays", 365));
    assertThat(settings(Map.of())).isEqualTo(ShadowSettings.GUIDE);
  }

  @Test
  void attributesAreMapped() {
    assertThat(settings(Map.of("maxLevels", 7, "lifetimeDays", 0)))
        .isEqualTo(new ShadowSettings(7, Duration.ZERO));
  }

  @Test
  void aValueOutOfRangeIsNamed() {
    assertThatThrownBy(() -> settings(Map.of("maxLevels", 0)))
        .hasMessage("dev.gatehouse.shadow: maxLevels is 0, not 1 to 50");
    assertThatThrownBy(() -> settings(Map.of("lifetimeDays", -1)))
        .hasMessage("dev.gatehouse.shadow: lifetimeDays is -1, not 0 to 36500");
  }

  private static ShadowSettings settings(Map<String, ?> values) {
    return ShadowSettings.of(ConfigValues.of(ShadowConfig.class, values));
  }
}
