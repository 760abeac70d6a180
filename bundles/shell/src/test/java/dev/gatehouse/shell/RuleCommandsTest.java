package dev.gatehouse.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.rules.Rules;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RuleCommandsTest {

  @Test
  void stepTellsWhetherItPassed() {
    assertThat(RuleTestCommand.line(new Rules.Step("WHERE", true, "temp (51) > 50 is true")))
        .isEqualTo("+ WHERE temp (51) > 50 is true");
    assertThat(RuleTestCommand.line(new Rules.Step("FROM", false, "'a' does not match 'b'")))
        .isEqualTo("- FROM 'a' does not match 'b'");
  }

  @Test
  void refusalIsShownAsItIs() {
    ServiceException refused = new ServiceException(ErrorCode.UNAUTHORIZED, "no such rule");
    assertThatThrownBy(() -> RuleCommands.await(CompletableFuture.failedFuture(refused)))
        .isSameAs(refused);
    assertThatThrownBy(
            () -> RuleCommands.await(CompletableFuture.failedFuture(new Exception("disk"))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("disk");
  }
}
