package dev.gatehouse.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.home.GatewayHome;
import dev.gatehouse.testkit.ConfigValues;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IamConfigTest {
  private static final GatewayHome HOME = () -> Path.of("/home");

  @Test
  void defaultsAreAsDocumented() {
    Map<String, Object> expected = new HashMap<>();
    expected.put("directory", ".");
    expected.put("makeMissingRoles", true);
    expected.put("openIdIssuers", "");
    assertThat(ConfigValues.defaults(IamConfig.class)).isEqualTo(expected);
  }

  @Test
  void attributesAreMapped() {
    assertThat(
            IamSettings.of(
                config("keys", " https://a.example /keys.json, b.example https://k/x"), HOME))
        .isEqualTo(
            new IamSettings(
                Path.of("/home/keys"),
                false,
                Map.of("a.example", "/keys.json", "b.example", "https://k/x")));
    assertThat(IamSettings.of(config("keys", " "), HOME).openIdIssuers()).isEmpty();
  }

  @Test
  void whatIsWrongIsNamed() {
    assertThatThrownBy(() -> IamSettings.of(config(" ", ""), HOME))
        .hasMessageContaining("directory");
    for (String wrong : new String[] {"a.example", "a.example keys.json", "a.example http://k"}) {
      assertThatThrownBy(() -> IamSettings.of(config("/d", wrong), HOME))
          .hasMessageContaining(wrong);
    }
  }

  private static IamConfig config(String directory, String issuers) {
    return ConfigValues.of(
        IamConfig.class,
        Map.of("directory", directory, "makeMissingRoles", false, "openIdIssuers", issuers));
  }
}
