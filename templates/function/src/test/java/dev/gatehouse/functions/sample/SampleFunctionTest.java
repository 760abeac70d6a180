package dev.gatehouse.functions.sample;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.identity.Account;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SampleFunctionTest {
  private static final Account ACCOUNT = new Account("000000000000", "us-east-1");

  /** Red until the function is written. */
  @Test
  void aValueHasAResult() {
    assertThat(
            new SampleFunction()
                .call(ACCOUNT, "sample", List.of("21".getBytes(UTF_8)))
                .thenApply(result -> new String(result, UTF_8)))
        .as(
            "write SampleFunction.call, and put here the result that the README promises for 21;"
                + " docs/sql.md says what a function may do")
        .succeedsWithin(Duration.ofSeconds(2))
        .isEqualTo("42");
  }
}
