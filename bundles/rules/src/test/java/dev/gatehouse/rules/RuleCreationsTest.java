package dev.gatehouse.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

final class RuleCreationsTest extends RulesHouse {
  @Test
  void asManyRulesAsAnAccountMayHaveAreMadeAtTheSameTimeAndNoMore() throws Exception {
    for (int i = 0; i < MAX_RULES - 5; i++) {
      create("before" + i, RULE.formatted(""));
    }
    store.hold(); // all have counted before the first is committed
    List<CompletableFuture<String>> answers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      answers.add(ask("CreateTopicRule", "r" + i, RULE.formatted(""), Map.of()));
    }
    Awaitility.await().until(() -> store.held() == 20);
    store.release();
    List<String> refused = new ArrayList<>();
    for (CompletableFuture<String> answer : answers) {
      try {
        answer.get(30, TimeUnit.SECONDS);
      } catch (java.util.concurrent.ExecutionException e) {
        assertThat(e.getCause())
            .isInstanceOfSatisfying(
                ServiceException.class,
                it -> assertThat(it.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED));
        refused.add(e.getCause().getMessage());
      }
    }
    assertThat(refused).hasSize(15);
    assertThat(rules.list(ACCOUNT)).hasSize(MAX_RULES);
    call("DeleteTopicRule", "before0", "", Map.of());
    create("late", RULE.formatted(""));
    assertRefused("later", RULE.formatted(""), "no more are allowed");
  }

  @Test
  void ofTwoCreationsOfOneNameAtTheSameTimeOneIsRefused() throws Exception {
    store.hold();
    CompletableFuture<String> one = ask("CreateTopicRule", "r1", RULE.formatted(""), Map.of());
    CompletableFuture<String> two = ask("CreateTopicRule", "r1", RULE.formatted(""), Map.of());
    Awaitility.await().until(() -> store.held() == 2);
    store.release();
    one.get(5, TimeUnit.SECONDS);
    assertThat(two)
        .failsWithin(Duration.ofSeconds(5))
        .withThrowableOfType(java.util.concurrent.ExecutionException.class)
        .withMessageContaining("already exists");
  }

  @Test
  void aRoleIsPassedBeforeTheRuleIsMade() throws Exception {
    rules.unbindRoles(passed);
    assertRefused("r1", withRole("yes"), "roles cannot be looked up");
    rules.bindRoles(passed);
    assertRefused("r1", withRole("no"), "denied");
    assertRefused("r1", withRole("yes").replace("SELECT", "SELEKT"), "SELEKT");
    assertThat(call("ListTopicRules", "-", "", Map.of())).doesNotContain("r1");
    create("r1", withRole("yes"));
    assertThat(passed.arns)
        .containsExactly(
            "test {aws:SourceIp=127.0.0.1} no iot.amazonaws.com",
            "test {aws:SourceIp=127.0.0.1} yes iot.amazonaws.com");
    assertThatThrownBy(() -> call("ReplaceTopicRule", "r1", withRole("no"), Map.of()))
        .hasMessageContaining("denied");
    assertThat(call("GetTopicRule", "r1", "", Map.of())).contains("yes").doesNotContain("\"no\"");
  }
}
