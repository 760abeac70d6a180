package dev.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.home.GatewayHome;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.testkit.ConfigValues;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IdentityConfigTest {
  private static final GatewayHome HOME = () -> Path.of("/home");

  @Test
  void defaultsAreAsDocumented() {
    Map<String, Object> expected = new HashMap<>();
    expected.put("directory", ".");
    expected.put("accountId", "000000000000");
    expected.put("region", "us-east-1");
    expected.put("anonymousPolicy", "");
    expected.put("cipherSuites", "modern");
    expected.put("unknownConditionKeys", "refuse");
    assertThat(ConfigValues.defaults(IdentityConfig.class)).isEqualTo(expected);
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
    return ConfigValues.of(
        IdentityConfig.class,
        Map.of(
            "directory",
            directory,
            "accountId",
            accountId,
            "region",
            region,
            "anonymousPolicy",
            anonymousPolicy,
            "cipherSuites",
            "Guide",
            "unknownConditionKeys",
            " allow "));
  }
}
