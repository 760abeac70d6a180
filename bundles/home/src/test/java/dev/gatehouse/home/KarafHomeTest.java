package dev.gatehouse.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class KarafHomeTest {
  private final KarafHome home = new KarafHome("/srv/gatehouse/../gateway");

  @Test
  void relativePathsAreBelowTheHome() {
    assertThat(home.path()).isEqualTo(Path.of("/srv/gateway"));
    assertThat(home.resolve("store")).isEqualTo(Path.of("/srv/gateway/store"));
    assertThat(home.resolve(" data/audit ")).isEqualTo(Path.of("/srv/gateway/data/audit"));
    assertThat(home.resolve(".")).isEqualTo(Path.of("/srv/gateway"));
  }

  @Test
  void absolutePathsStayAsTheyAre() {
    assertThat(home.resolve("/mnt/disk/store")).isEqualTo(Path.of("/mnt/disk/store"));
  }

  @Test
  void aSettingThatIsNotAPathIsRefused() {
    assertThatThrownBy(() -> home.resolve("  ")).hasMessageContaining("is blank");
    assertThatThrownBy(() -> home.resolve("a\0b")).hasMessageContaining("is not a path");
  }

  @Test
  void aFrameworkWithoutAHomeIsRefused() {
    assertThatThrownBy(() -> new KarafHome((String) null)).hasMessageContaining("karaf.base");
  }
}
