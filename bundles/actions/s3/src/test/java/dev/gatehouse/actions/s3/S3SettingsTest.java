package dev.gatehouse.actions.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.annotation.Annotation;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class S3SettingsTest {

  @Test
  void defaultsAreAsDocumented() throws NoSuchMethodException {
    assertThat(S3Config.class.getDeclaredMethod("queue").getDefaultValue()).isEqualTo(64);
    assertThat(S3Config.class.getDeclaredMethod("directory").getDefaultValue()).isNull();
  }

  @Test
  void theDirectoryIsRequired() {
    assertThatThrownBy(() -> S3Settings.of(config(null, 64))).hasMessageContaining("directory");
    assertThatThrownBy(() -> S3Settings.of(config(" ", 64))).hasMessageContaining("directory");
  }

  @Test
  void theQueueHasLimits() {
    assertThatThrownBy(() -> S3Settings.of(config("/x", 0))).hasMessageContaining("0");
    assertThatThrownBy(() -> S3Settings.of(config("/x", 10_001))).hasMessageContaining("10001");
    assertThat(S3Settings.of(config("/x/../y", 1))).isEqualTo(new S3Settings(Path.of("/y"), 1));
  }

  private static S3Config config(String directory, int queue) {
    return new S3Config() {
      @Override
      public String directory() {
        return directory;
      }

      @Override
      public int queue() {
        return queue;
      }

      @Override
      public Class<? extends Annotation> annotationType() {
        return S3Config.class;
      }
    };
  }
}
