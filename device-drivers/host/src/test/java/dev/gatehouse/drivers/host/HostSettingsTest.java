package dev.gatehouse.drivers.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.testkit.ConfigValues;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HostSettingsTest {

  @Test
  void theDiskPathIsTheRootUnlessSetAndMustBeAbsolute() {
    assertThat(ConfigValues.defaults(HostConfig.class)).isEqualTo(Map.of("diskPath", "/"));
    assertThat(settings("/data").diskPath()).isEqualTo(Path.of("/data"));
    assertThatThrownBy(() -> settings("data")).hasMessageContaining("data");
  }

  private static HostSettings settings(String path) {
    return HostSettings.of(ConfigValues.of(HostConfig.class, Map.of("diskPath", path)));
  }
}
