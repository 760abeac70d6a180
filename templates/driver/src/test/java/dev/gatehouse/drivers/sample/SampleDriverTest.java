package dev.gatehouse.drivers.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.device.Reading;
import dev.gatehouse.testkit.ManualClock;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SampleDriverTest {
  private static final Instant NOW = Instant.parse("2027-03-01T12:00:00Z");

  /** Red until the driver is written. */
  @Test
  void aPointIsRead() {
    SampleDriver driver = new SampleDriver(new ManualClock(NOW));
    assertThat(driver.read(Set.of("temperature")))
        .as(
            "write SampleDriver.read, give this test a dummy of the equipment (a folder, a server"
                + " on a free port) that measures 21.5, and set the status to ONLINE;"
                + " docs/drivers.md has the contract")
        .containsExactly(Reading.good("temperature", "21.5", NOW));
  }
}
