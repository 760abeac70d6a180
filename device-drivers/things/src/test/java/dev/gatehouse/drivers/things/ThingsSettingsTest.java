package dev.gatehouse.drivers.things;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.shadow.ShadowName;
import dev.gatehouse.testkit.ConfigValues;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ThingsSettingsTest {
  private static final Account ACCOUNT = new Account("000000000000", "us-east-1");
  private static final Map<String, Object> NAMED = Map.of("deviceId", "host", "thingName", "box");

  @Test
  void defaultsAreAsDocumented() {
    Map<String, Object> expected = new HashMap<>();
    expected.put("deviceId", null);
    expected.put("thingName", null);
    expected.put("intervalSeconds", 60);
    expected.put("deadband", 0.0);
    assertThat(ConfigValues.defaults(ThingsConfig.class)).isEqualTo(expected);
    assertThat(settings(NAMED))
        .isEqualTo(
            new ThingsSettings(
                "host",
                new ShadowName(ACCOUNT, "box", ""),
                Duration.ofMinutes(1),
                BigDecimal.valueOf(0.0)));
  }

  @Test
  void aSettingThatIsAbsentOrOutOfRangeIsNamed() {
    assertThatThrownBy(() -> settings(Map.of("deviceId", "host")))
        .hasMessageContaining("thingName is not set");
    assertThatThrownBy(() -> settings(with("intervalSeconds", 0)))
        .hasMessageContaining("intervalSeconds is 0, not 1 to 86400");
    assertThatThrownBy(() -> settings(with("deadband", -1.0)))
        .hasMessageContaining("deadband is -1.0, not 0 or more");
  }

  private static Map<String, Object> with(String name, Object value) {
    Map<String, Object> values = new HashMap<>(NAMED);
    values.put(name, value);
    return values;
  }

  private static ThingsSettings settings(Map<String, ?> values) {
    return ThingsSettings.of(ACCOUNT, ConfigValues.of(ThingsConfig.class, values));
  }
}
