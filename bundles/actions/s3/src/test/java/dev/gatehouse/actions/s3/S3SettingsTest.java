package dev.gatehouse.actions.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.annotation.Annotation;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class S3SettingsTest {

  @Test
  void defaultsAreAsDocumented() throws NoSuchMethodException {
    assertThat(S3Config.class.getDeclaredMethod("directory").getDefaultValue()).isNull();
  }

  @Test
  void theDirectoryIsRequired() {
    assertThatThrownBy(() -> S3Settings.of(config(null))).hasMessageContaining("directory");
    assertThatThrownBy(() -> S3Settings.of(config(" "))).hasMessageContaining("directory");
  }

  @Test
  void theDirectoryIsMadeAbsolute() {
    assertThat(S3Settings.of(config("/x/../y"))).isEqualTo(new S3Settings(Path.of("/y")));
  }

  private static S3Config config(String directory) {
    return new S3Config() {
      @Override
      public String directory() {
        return directory;
      }

      @Override
      public Class<? extends Annotation> annotationType() {
        return S3Config.class;
      }
    };
  }
}
