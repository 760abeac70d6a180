package dev.gatehouse.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testkit.ConfigValues;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsoleSettingsTest {

  @Test
  void defaultsAreBelowTheHome() {
    assertThat(ConfigValues.defaults(ConsoleConfig.class))
        .isEqualTo(
            Map.of("keyFile", "secrets/console.key", "authorizedKeys", "etc/keys.properties"));
    assertThat(
            ConsoleSettings.of(
                ConfigValues.of(ConsoleConfig.class, Map.of("keyFile", "/keys/mine")),
                () -> Path.of("/home")))
        .isEqualTo(
            new ConsoleSettings(Path.of("/keys/mine"), Path.of("/home/etc/keys.properties")));
  }
}
