package dev.gatehouse.actions.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.testkit.ConfigValues;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class S3SettingsTest {

  @Test
  void theDirectoryIsBelowTheHomeUnlessItIsAbsolute() {
    assertThat(ConfigValues.defaults(S3Config.class)).isEqualTo(Map.of("directory", "s3"));
    assertThat(settings("s3")).isEqualTo(new S3Settings(Path.of("/home/s3")));
    assertThat(settings("/x/../y")).isEqualTo(new S3Settings(Path.of("/y")));
  }

  @Test
  void aBlankDirectoryIsRefused() {
    assertThatThrownBy(() -> settings(" ")).hasMessageContaining("directory");
  }

  private static S3Settings settings(String directory) {
    return S3Settings.of(
        ConfigValues.of(S3Config.class, Map.of("directory", directory)), () -> Path.of("/home"));
  }
}
