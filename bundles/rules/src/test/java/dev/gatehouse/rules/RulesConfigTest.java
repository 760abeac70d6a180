package dev.gatehouse.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RulesConfigTest {

  @Test
  void defaultsAreAsDocumented() throws Exception {
    Map<String, Object> defaults = new TreeMap<>();
    for (var attribute : RulesConfig.Settings.class.getDeclaredMethods()) {
      defaults.put(attribute.getName(), attribute.getDefaultValue());
    }
    assertThat(defaults)
        .isEqualTo(
            Map.of(
                "actionThreads", 4,
                "actionQueue", 1_000,
                "mailboxCapacity", 1_000,
                "actionTimeoutMillis", 5_000,
                "actionAttempts", 3,
                "retryDelayMillis", 100,
                "maxRules", 1_000));
  }

  @Test
  void valueOutOfRangeIsNamedWithItsLimits() {
    Duration second = Duration.ofSeconds(1);
    assertThatThrownBy(() -> new RulesConfig(0, 1, 1, second, 1, second, 1))
        .hasMessage("actionThreads is 0, must be 1 to 64");
  }
}
