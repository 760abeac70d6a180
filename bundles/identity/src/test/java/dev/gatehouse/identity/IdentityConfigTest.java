package dev.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.home.GatewayHome;
import dev.gatehouse.api.identity.Account;
import java.lang.annotation.Annotation;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IdentityConfigTest {
  private static final GatewayHome HOME = () -> Path.of("/home");

  @Test
  void defaultsAreAsDocumented() {
    Map<String, Object> defaults = new HashMap<>();
    for (var attribute : IdentityConfig.class.getDeclaredMethods()) {
      defaults.put(attribute.getName(), attribute.getDefaultValue());
    }
    Map<String, Object> expected = new HashMap<>();
    expected.put("directory", ".");
    expected.put("accountId", "000000000000");
    expected.put("region", "us-east-1");
    expected.put("anonymousPolicy", "");
    expected.put("cipherSuites", "modern");
    expected.put("unknownConditionKeys", "refuse");
    assertThat(defaults).isEqualTo(expected);
  }

  @Test
  void attributesAreMapped() {
    assertThat(IdentitySettings.of(config("keys", "123456789012", "eu-west-1", " open "), HOME))
        .isEqualTo(
            new IdentitySettings(
                Path.of("/home/keys"),
                new Account("123456789012", "eu-west-1"),
                "open",
                CipherSuites.GUIDE,
                true));
  }

  @Test
  void whatIsWrongIsNamed() {
    assertThatThrownBy(
            () -> IdentitySettings.of(config(" ", "123456789012", "eu-west-1", ""), HOME))
        .hasMessageContaining("directory");
    assertThatThrownBy(() -> IdentitySettings.of(config("/d", "12345", "eu-west-1", ""), HOME))
        .hasMessageContaining("12345");
    assertThatThrownBy(() -> IdentitySettings.of(config("/d", "123456789012", "home", ""), HOME))
        .hasMessageContaining("home");
    assertThatThrownBy(() -> CipherSuites.named("weak")).hasMessageContaining("weak");
  }

  private static IdentityConfig config(
      String directory, String accountId, String region, String anonymousPolicy) {
    return new IdentityConfig() {
      @Override
      public Class<? extends Annotation> annotationType() {
        return IdentityConfig.class;
      }

      @Override
      public String directory() {
        return directory;
      }

      @Override
      public String unknownConditionKeys() {
        return " allow ";
      }

      @Override
      public String accountId() {
        return accountId;
      }

      @Override
      public String region() {
        return region;
      }

      @Override
      public String anonymousPolicy() {
        return anonymousPolicy;
      }

      @Override
      public String cipherSuites() {
        return "Guide";
      }
    };
  }
}
