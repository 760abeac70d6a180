package dev.gatehouse.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.home.GatewayHome;
import dev.gatehouse.testkit.ConfigValues;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AuditConfigTest {
  private static final GatewayHome HOME = () -> Path.of("/home");

  @Test
  void defaultsAreAsDocumented() {
    Map<String, Object> expected = new HashMap<>();
    expected.put("directory", "data/audit");
    expected.put("fileKilobytes", 1024);
    expected.put("files", 20);
    assertThat(ConfigValues.defaults(AuditConfig.class)).isEqualTo(expected);
  }

  @Test
  void attributesAreMappedAndWhatIsWrongIsNamed() {
    assertThat(AuditSettings.of(config("a", 64, 2), HOME))
        .isEqualTo(new AuditSettings(Path.of("/home/a"), 65_536, 2));
    assertThatThrownBy(() -> AuditSettings.of(config("", 64, 2), HOME))
        .hasMessageContaining("directory");
    assertThatThrownBy(() -> AuditSettings.of(config("/a", 63, 2), HOME))
        .hasMessageContaining("fileKilobytes is 63");
    assertThatThrownBy(() -> AuditSettings.of(config("/a", 64, 1), HOME))
        .hasMessageContaining("files is 1");
  }

  private static AuditConfig config(String directory, int kilobytes, int files) {
    return ConfigValues.of(
        AuditConfig.class,
        Map.of("directory", directory, "fileKilobytes", kilobytes, "files", files));
  }
}
