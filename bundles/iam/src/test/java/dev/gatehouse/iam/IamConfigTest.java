package dev.gatehouse.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.home.GatewayHome;
import java.lang.annotation.Annotation;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IamConfigTest {
  private static final GatewayHome HOME = () -> Path.of("/home");

  @Test
  void defaultsAreAsDocumented() {
    Map<String, Object> defaults = new HashMap<>();
    for (var attribute : IamConfig.class.getDeclaredMethods()) {
      defaults.put(attribute.getName(), attribute.getDefaultValue());
    }
    Map<String, Object> expected = new HashMap<>();
    expected.put("directory", ".");
    expected.put("makeMissingRoles", true);
    expected.put("openIdIssuers", "");
    assertThat(defaults).isEqualTo(expected);
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
    return new IamConfig() {
      @Override
      public Class<? extends Annotation> annotationType() {
        return IamConfig.class;
      }

      @Override
      public String directory() {
        return directory;
      }

      @Override
      public boolean makeMissingRoles() {
        return false;
      }

      @Override
      public String openIdIssuers() {
        return issuers;
      }
    };
  }
}
