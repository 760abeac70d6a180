package dev.gatehouse.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * The short run of the abuse benchmark: twenty clients at once send the largest of everything to
 * one gateway with half the usual heap. {@code ./gatehouse bench abuse} is the long one.
 */
class AbuseIT {
  private static final String SECONDS_EACH = "3";

  /** Limits of time, such as 2 s for a PUBACK, are for a machine that does nothing else. */
  private static final String PATIENCE = "5";

  @Test
  void nobodyKillsTheGatewayOrKeepsOthersOut() throws Exception {
    Path cases = Path.of("..", "benchmarks", "abuse").toAbsolutePath().normalize();
    Process run =
        new ProcessBuilder(
                List.of(
                    "/usr/bin/python3",
                    "-B",
                    cases.toString(),
                    System.getProperty("gatehouse.distribution"),
                    "--short",
                    "--heap",
                    "128",
                    "--clients",
                    "20",
                    "--seconds",
                    SECONDS_EACH,
                    "--patience",
                    PATIENCE))
            .redirectErrorStream(true)
            .start();
    run.getOutputStream().close();
    String table = new String(run.getInputStream().readAllBytes());
    assertThat(run.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(run.exitValue()).as(table).isZero();
  }
}
