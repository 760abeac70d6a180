package dev.gatehouse.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.rules.Rules;
import dev.gatehouse.api.store.StoreUnavailableException;
import dev.gatehouse.api.telemetry.HealthCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

final class RulesServiceTest extends RulesHouse {
  @Test
  void matchingMessageRunsTheActionWithTemplatesReplaced() throws Exception {
    create("r1", RULE.formatted(""));
    publish("a/b", "{\"temp\":51,\"x\":1}");
    publish("a/c", "{\"temp\":50}");
    assertThat(notes.taken).containsExactly("x/b={\"temp\":51}");
    assertThat(rules.metrics())
        .anyMatch(m -> m.name().equals("rules_messages_matched_total") && m.value() == 2);
  }

  @Test
  void getAnswersWhatWasGiven() throws Exception {
    create("r1", RULE.formatted(""));
    assertThat(call("GetTopicRule", "r1", "", Map.of()))
        .startsWith(
            "{\"ruleArn\":\"arn:aws:iot:us-east-1:000000000000:rule/r1\",\"rule\":{\"ruleName\":"
                + "\"r1\",\"sql\":\"SELECT temp FROM 'a/#' WHERE temp > 50\",\"createdAt\":12.0,")
        .contains("\"ruleDisabled\":false", "\"roleArn\":\"arn:aws:iam::1:role/r\"");
  }

  @Test
  void listIsPagedAndFiltered() throws Exception {
    for (String name : List.of("r1", "r2", "r3")) {
      create(name, RULE.formatted(""));
    }
    call("DisableTopicRule", "r2", "", Map.of());
    String first = call("ListTopicRules", "", "", Map.of("maxResults", "2"));
    assertThat(first).contains("rule/r1", "rule/r2", "nextToken").doesNotContain("rule/r3");
    String token = first.replaceAll(".*\"nextToken\":\"([^\"]*)\".*", "$1");
    assertThat(call("ListTopicRules", "", "", Map.of("nextToken", token)))
        .contains("r3")
        .doesNotContain("rule/r2");
    assertThat(call("ListTopicRules", "", "", Map.of("ruleDisabled", "true")))
        .contains("rule/r2")
        .doesNotContain("rule/r1");
    assertThat(call("ListTopicRules", "", "", Map.of("topic", "b/c"))).isEqualTo("{\"rules\":[]}");
    assertThat(call("ListTopicRules", "", "", Map.of("maxResults", "10000"))).contains("rule/r3");
    for (String wrong : List.of("0", "10001", "x")) {
      assertThatThrownBy(() -> call("ListTopicRules", "", "", Map.of("maxResults", wrong)))
          .hasMessage("maxResults must be 1 to 10000, not '" + wrong + "'");
    }
  }

  @Test
  void badRulesAreRefusedWithTheReason() throws Exception {
    create("r1", RULE.formatted(""));
    assertRefused("r1", RULE.formatted(""), "already exists");
    assertRefused("r-1", RULE.formatted(""), "ruleName 'r-1'");
    assertRefused("r2", "{", "not JSON");
    assertRefused("r2", "{\"sql\":\"SELECT\",\"actions\":[]}", "1 to 10 actions");
    assertRefused("r2", RULE.formatted("").replace("temp FROM", "temp FRM"), "line 1, column 13");
    assertRefused("r2", RULE.formatted("").replace("note", "nope"), "action type 'nope'");
    assertRefused("r2", RULE.formatted("").replace("\"to\"", "\"at\""), "no setting 'at'");
    assertRefused("r2", RULE.formatted("").replace("{topic(2)}", "{topic(}"), "actions[0].to");
    assertRefused(
        "r2", RULE.formatted("").replace("2016-03-23", "2099"), "awsIotSqlVersion '2099'");
    assertThatThrownBy(() -> call("GetTopicRule", "none", "", Map.of()))
        .isInstanceOf(ServiceException.class)
        .hasMessageContaining("does not exist");
  }

  @Test
  void disabledReplacedAndDeletedRulesAct() throws Exception {
    create("r1", RULE.formatted(""));
    call("DisableTopicRule", "r1", "", Map.of());
    publish("a/b", "{\"temp\":51}");
    assertThat(notes.taken).isEmpty();
    call("EnableTopicRule", "r1", "", Map.of());
    call("ReplaceTopicRule", "r1", RULE.formatted("").replace("x/", "y/"), Map.of());
    publish("a/b", "{\"temp\":51}");
    assertThat(notes.taken).containsExactly("y/b={\"temp\":51}");
    call("DeleteTopicRule", "r1", "", Map.of());
    assertThat(bus.subscriptions()).isZero();
  }

  @Test
  void onAFullDiskARuleIsStillDisabledAndDeleted() throws Exception {
    create("r1", RULE.formatted(""));
    store.full(true);
    call("DisableTopicRule", "r1", "", Map.of());
    call("DeleteTopicRule", "r1", "", Map.of());
    assertThat(bus.subscriptions()).isZero();
    assertThatThrownBy(() -> create("r2", RULE.formatted("")))
        .hasRootCauseInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void retryableFailureIsKeptAndRepeatedUntilItPasses() throws Exception {
    create("r1", RULE.formatted(",\"errorAction\":{\"note\":{\"to\":\"err\"}}"));
    notes.failures = 3;
    publish("a/b", "{\"temp\":51}");
    Awaitility.await().until(() -> !notes.taken.isEmpty());
    assertThat(notes.taken).containsExactly("x/b={\"temp\":51}");
    assertThat(metric("rules_actions_kept_total")).isEqualTo(1);
    assertThat(metric("rules_actions_failed_total")).isZero();
  }

  @Test
  void allFailuresOfAMessageGoToTheErrorActionTogether() throws Exception {
    create(
        "r1",
        RULE.formatted(",\"errorAction\":{\"note\":{\"to\":\"err/${topic(2)}\"}}")
            .replace(
                "[{\"note\":{\"to\":\"x/",
                "[{\"note\":{\"to\":\"bad\"}},{\"note\":{\"to\":\"bad\"}},"
                    + "{\"note\":{\"to\":\"x/"));
    publish("a/b", "{\"temp\":52}");
    String failure =
        "{\"failedAction\":\"NoteAction\",\"failedResource\":\"res\",\"errorMessage\":\"no\"}";
    assertThat(notes.taken).hasSize(2).contains("x/b={\"temp\":52}");
    assertThat(
            notes.taken.stream().filter(text -> text.startsWith("err")).findFirst().orElseThrow())
        .startsWith("err/b={\"ruleName\":\"r1\",\"topic\":\"a/b\",\"cloudwatchTraceId\":")
        .contains(
            "\"base64OriginalPayload\":\"eyJ0ZW1wIjo1Mn0=\"",
            "\"failures\":[" + failure + "," + failure + "]");
    assertThat(metric("rules_actions_failed_total")).isEqualTo(2);
  }

  @Test
  void anActionThatWaitedAndFailsForGoodLaterIsToldInAMessageOfItsOwn() throws Exception {
    create(
        "r1",
        RULE.formatted(",\"errorAction\":{\"note\":{\"to\":\"err\"}}")
            .replace(
                "[{\"note\":{\"to\":\"x/",
                "[{\"note\":{\"to\":\"bad\"}},{\"note\":{\"to\":\"bad\"}},"
                    + "{\"note\":{\"to\":\"late\"}},{\"note\":{\"to\":\"x/"));
    publish("a/b", "{\"temp\":52}");
    Awaitility.await().until(() -> notes.taken.size() == 3);
    String failure =
        "{\"failedAction\":\"NoteAction\",\"failedResource\":\"res\",\"errorMessage\":\"no\"}";
    String late = failure.replace("\"no\"", "\"too late\"");
    assertThat(notes.taken).contains("x/b={\"temp\":52}");
    assertThat(notes.taken.stream().filter(text -> text.startsWith("err=")))
        .satisfiesExactly(
            first -> assertThat(first).contains("\"failures\":[" + failure + "," + failure + "]"),
            second -> assertThat(second).contains("\"failures\":[" + late + "]"));
    assertThat(metric("rules_actions_failed_total")).isEqualTo(3);
  }

  @Test
  void publisherDoesNotWaitForAnActionThatHangsAndTheMessageIsKept() throws Exception {
    create("r1", RULE.formatted(""));
    notes.hang = true;
    publish("a/b", "{\"temp\":51}");
    assertThat(metric("rules_actions_queued_count")).isEqualTo(1);
    notes.hang = false;
    Awaitility.await().until(() -> !notes.taken.isEmpty());
    Awaitility.await().until(() -> metric("rules_actions_queued_count") == 0);
    assertThat(notes.taken).containsExactly("x/b={\"temp\":51}");
  }

  @Test
  void whatATargetThatIsAwayDoesNotTakeSurvivesARestart() throws Exception {
    create("r1", RULE.formatted(""));
    notes.failures = Integer.MAX_VALUE;
    for (int i = 100; i < 200; i++) {
      publish("a/" + i, "{\"temp\":" + i + "}");
    }
    assertThat(metric("rules_actions_queued_count")).isEqualTo(100);
    assertThat(rules.health().message()).contains("100 wait for r1.0.note: no");
    rules.stop();
    notes.failures = 0;
    rules = service();
    open();
    // at least once: the attempt of the moment in which the engine stopped may have succeeded
    Awaitility.await()
        .untilAsserted(() -> assertThat(Set.copyOf(List.copyOf(notes.taken))).hasSize(100));
    assertThat(notes.taken).contains("x/142={\"temp\":142}");
    Awaitility.await().until(() -> metric("rules_actions_queued_count") == 0);
    assertThat(rules.health().state()).isEqualTo(HealthCheck.State.UP);
  }

  @Test
  void deletedRuleTakesWhatWaitsWithIt() throws Exception {
    create("r1", RULE.formatted(""));
    notes.failures = Integer.MAX_VALUE;
    publish("a/b", "{\"temp\":51}");
    assertThat(store.queue("rules.delivery/000000000000/us-east-1/r1/0.note").size()).isEqualTo(1);
    call("DeleteTopicRule", "r1", "", Map.of());
    assertThat(store.queue("rules.delivery/000000000000/us-east-1/r1/0.note").size()).isZero();
  }

  @Test
  void basicIngestReachesOneRuleByItsName() throws Exception {
    create("r1", RULE.formatted("").replace(" FROM 'a/#'", ""));
    create("r2", RULE.formatted(""));
    ingest("$aws/rules/r1/s/t", "{\"temp\":51}");
    ingest("$aws/rules/none/s/t", "{\"temp\":51}");
    ingest("$aws/rules/r1", "{\"temp\":51}");
    assertThat(notes.taken).containsExactly("x/t={\"temp\":51}");
    assertThat(metric("rules_ingest_without_rule_total")).isEqualTo(1);
  }

  @Test
  void rulesTakeReservedTopicsByName() throws Exception {
    create("r1", RULE.formatted("").replace("a/#", "$aws/things/+/shadow/update/accepted"));
    create("r2", RULE.formatted("").replace("a/#", "$aws/events/#"));
    publish("$aws/things/t1/shadow/update/accepted", "{\"temp\":51}");
    publish("$aws/events/presence/connected/c", "{\"temp\":52}");
    assertThat(notes.taken).containsExactly("x/things={\"temp\":51}", "x/events={\"temp\":52}");
  }

  @Test
  void dryRunTellsWhichClauseMatchedAndWhyNot() {
    String sql = "SET @t = temp SELECT @t AS t, none FROM 'a/+' WHERE @t > 50 AND NOT color.off";
    assertThat(trial(sql, "a/b", "{\"temp\":51,\"color\":{\"off\":false}}"))
        .containsExactly(
            "+FROM 'a/+' matches 'a/b'",
            "+SET @t is 51",
            "+WHERE @t (51) > 50 is true",
            "+WHERE true AND true is true",
            "+WHERE is true, lets it through",
            "+SELECT t is 51",
            "-SELECT none is Undefined, left out",
            "={\"t\":51}");
    assertThat(trial(sql, "a/b", "{\"temp\":48}"))
        .containsExactly(
            "+FROM 'a/+' matches 'a/b'",
            "+SET @t is 48",
            "-WHERE @t (48) > 50 is false",
            "-WHERE false AND Undefined is Undefined",
            "-WHERE is Undefined, stops it: only true goes on");
    assertThat(trial(sql, "b/b", "{}")).containsExactly("-FROM 'a/+' does not match 'b/b'");
    assertThat(trial("SELECT * FROM 'a'", "a", "x"))
        .endsWith("+SELECT * is the payload as it came", "=x");
    assertThatThrownBy(() -> trial("SELECT FROM 'a'", "a", "x"))
        .isInstanceOf(ServiceException.class)
        .hasMessageContaining("line 1, column 8: expected an expression");
  }

  private List<String> trial(String sql, String topic, String payload) {
    Rules.Trial trial =
        rules.test(ACCOUNT, sql, "2016-03-23", new TopicName(topic), Payload.ofText(payload));
    List<String> lines = new ArrayList<>();
    for (Rules.Step step : trial.steps()) {
      lines.add((step.passed() ? "+" : "-") + step.clause() + " " + step.detail());
    }
    trial.result().ifPresent(result -> lines.add("=" + result.text()));
    return lines;
  }

  @Test
  void operatorsSeeAndSwitchRules() throws Exception {
    create("r1", RULE.formatted(""));
    rules.enable(ACCOUNT, "r1", false).toCompletableFuture().get(5, TimeUnit.SECONDS);
    publish("a/b", "{\"temp\":51}");
    assertThat(rules.list(ACCOUNT))
        .containsExactly(new Rules.Summary("r1", false, "a/#", "", 0, 0));
    rules.enable(ACCOUNT, "r1", true).toCompletableFuture().get(5, TimeUnit.SECONDS);
    publish("a/b", "{\"temp\":51}");
    assertThat(rules.list(ACCOUNT)).containsExactly(new Rules.Summary("r1", true, "a/#", "", 1, 0));
    assertThat(rules.describe(ACCOUNT, "r1").orElseThrow()).contains("\"ruleName\":\"r1\"");
    assertThat(rules.describe(ACCOUNT, "none")).isEmpty();
    assertThatThrownBy(() -> rules.enable(ACCOUNT, "none", true))
        .hasMessageContaining("does not exist");
  }

  @Test
  void rulesComeBackAfterARestartAndABadOneDoesNotStopTheOthers() throws Exception {
    create("r2", RULE.formatted(""));
    store.commit(
        new dev.gatehouse.api.store.Batch()
            .put("rules.rules", new RuleKey(ACCOUNT, "r1").bytes(), new byte[] {9}));
    rules.stop();
    rules = service();
    open();
    Awaitility.await().until(() -> bus.subscriptions() == 1);
    Awaitility.await().until(() -> rules.health().state() == HealthCheck.State.DEGRADED);
    publish("a/b", "{\"temp\":51}");
    assertThat(notes.taken).containsExactly("x/b={\"temp\":51}");
    assertThat(rules.health().message())
        .contains("r1: a stored value has format 9, this version reads 1");
  }

  @Test
  void ruleIsDegradedWithoutItsActionTypeAndHeals() throws Exception {
    create("r1", RULE.formatted(""));
    rules.unbindActionType(notes);
    Awaitility.await().until(() -> rules.health().state() == HealthCheck.State.DEGRADED);
    assertThat(rules.health().message()).contains("r1", "note");
    publish("a/b", "{\"temp\":51}");
    assertThat(notes.taken).isEmpty();
    rules.bindActionType(notes);
    Awaitility.await().until(() -> rules.health().state() == HealthCheck.State.UP);
    assertThat(notes.taken).containsExactly("x/b={\"temp\":51}");
  }
}
