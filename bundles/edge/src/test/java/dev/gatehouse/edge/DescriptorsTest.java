package dev.gatehouse.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DescriptorsTest {
  @TempDir Path directory;

  private long limit(String text) throws IOException {
    return Descriptors.limit(Files.writeString(directory.resolve("limits"), text));
  }

  @Test
  void theLimitIsTheSoftOneOfTheProcess() throws IOException {
    assertThat(limit("Limit  Soft  Hard\nMax open files            1024     4096     files\n"))
        .isEqualTo(1_024);
    assertThat(limit("Max open files            unlimited     unlimited     files\n"))
        .isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void noLimitIsKnownWhereTheSystemDoesNotTellIt() throws IOException {
    assertThat(Descriptors.limit(directory.resolve("absent"))).isEqualTo(Long.MAX_VALUE);
    assertThat(limit("Max open files            many\n")).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void devicesLeaveDescriptorsToFilesAndCalls() {
    Descriptors few = new Descriptors(1_000);
    assertThat(few.devices(20_000)).isEqualTo(700);
    assertThat(few.calls(2_000)).isEqualTo(100);
    assertThat(few.devices(30)).isEqualTo(30);
    assertThat(new Descriptors(64).devices(20_000)).isEqualTo(16);
    assertThat(new Descriptors(Long.MAX_VALUE).devices(20_000)).isEqualTo(20_000);
  }
}
