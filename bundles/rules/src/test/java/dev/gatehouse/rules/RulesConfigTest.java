package dev.gatehouse.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.rules.delivery.DeliverySettings;
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
                "mailboxCapacity", 1_000,
                "maxRules", 1_000,
                "actionTimeoutMillis", 5_000,
                "handOverMillis", 200,
                "retryDelayMillis", 100,
                "retryMaxDelayMillis", 60_000,
                "maxAgeMinutes", 1_440,
                "queueEntries", 100_000,
                "queueMegabytes", 256));
  }

  @Test
  void valueOutOfRangeIsNamedWithItsLimits() {
    Duration second = Duration.ofSeconds(1);
    DeliverySettings good =
        new DeliverySettings(second, second, second, second, Duration.ofMinutes(1), 1, 1 << 20);
    assertThatThrownBy(() -> new RulesConfig(0, 1, 1, good))
        .hasMessage("actionThreads is 0, must be 1 to 64");
    DeliverySettings bad =
        new DeliverySettings(
            second, second, second, Duration.ofMillis(1), Duration.ofMinutes(1), 1, 1 << 20);
    assertThatThrownBy(() -> new RulesConfig(1, 1, 1, bad))
        .hasMessage("retryMaxDelayMillis is 1, must be 1000 to 3600000");
  }
}
