package dev.gatehouse.rules;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.memory.MemoryShare;
import dev.gatehouse.testkit.FixedMemory;
import java.util.Base64;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What rules and their messages may take of the heap, at four megabytes for all shares. */
class RuleMemoryTest extends RulesHouse {
  private static final String EXPENSIVE =
      """
      {"sql":"SELECT %s FROM 'a/#'","awsIotSqlVersion":"2016-03-23",
       "actions":[{"note":{"to":"x"}}],"errorAction":{"note":{"to":"err/${topic(2)}"}}}""";

  private MemoryShare results;
  private MemoryShare programs;

  @BeforeEach
  void useLittleMemory() {
    rules.stop();
    memory = new FixedMemory(4_000_000);
    rules = service();
    rules.bindActionType(notes);
    rules.start();
    results = memory.opened("rules.results");
    programs = memory.opened("rules.programs");
  }

  private static String items(int count, String item) {
    return IntStream.range(0, count).mapToObj(n -> item + " AS a" + n).collect(joining(","));
  }

  @Test
  void messageThatCostsTooMuchMemoryIsToldToTheErrorAction() throws Exception {
    create("r1", EXPENSIVE.formatted(items(600, "s")));
    String payload = "{\"s\":\"" + "x".repeat(10_000) + "\"}";
    publish("a/b", payload);
    assertThat(notes.taken).hasSize(1);
    assertThat(notes.taken.get(0))
        .startsWith("err/b={\"ruleName\":\"r1\",\"topic\":\"a/b\",")
        .contains(Base64.getEncoder().encodeToString(payload.getBytes()))
        .contains("\"failedAction\":\"SqlEvaluation\"", "bytes of memory for this message");
    Awaitility.await().until(() -> results.usedBytes() == 0);
  }

  @Test
  void messageThatCostsTooManyStepsIsToldToTheErrorAction() throws Exception {
    create("r1", EXPENSIVE.formatted("regexp_matches(s, '(.*)(.*)(.*)(.*)b') AS m"));
    publish("a/b", "{\"s\":\"" + "a".repeat(5_000) + "\"}");
    assertThat(notes.taken).hasSize(1);
    assertThat(notes.taken.get(0)).startsWith("err/b=").contains("steps for this message");
  }

  @Test
  void messageThatFindsNoMemoryFailsAndTheNextOneIsDelivered() throws Exception {
    create("r1", EXPENSIVE.formatted("s"));
    long all = results.limitBytes();
    results.take(all);
    publish("a/b", "{\"s\":1}");
    assertThat(notes.taken).isEmpty();
    assertThat(metric("rules_actions_failed_total")).isEqualTo(1);
    results.release(all);
    publish("a/b", "{\"s\":1}");
    assertThat(notes.taken).containsExactly("x={\"s\":1}");
    Awaitility.await().until(() -> results.usedBytes() == 0);
  }

  @Test
  void rulesTakeMemoryForTheirStatementsAndGiveItBack() throws Exception {
    create("r1", EXPENSIVE.formatted(items(100, "s")));
    long one = programs.usedBytes();
    assertThat(one).isGreaterThan(8_000);
    call("ReplaceTopicRule", "r1", EXPENSIVE.formatted(items(200, "s")), Map.of());
    assertThat(programs.usedBytes()).isBetween(one * 3 / 2, one * 3);
    call("DisableTopicRule", "r1", "", Map.of());
    assertThat(programs.usedBytes()).isZero();
    call("EnableTopicRule", "r1", "", Map.of());
    assertThat(programs.usedBytes()).isGreaterThan(one);
    call("DeleteTopicRule", "r1", "", Map.of());
    assertThat(programs.usedBytes()).isZero();
  }

  @Test
  void ruleForWhichThereIsNoMemoryIsRefusedAndChangesNothing() throws Exception {
    create("r1", EXPENSIVE.formatted(items(700, "s")));
    long one = programs.usedBytes();
    assertRefused(
        "r2", EXPENSIVE.formatted(items(700, "s")), "bytes of memory, but the account's rules use");
    assertThat(call("ListTopicRules", "", "", Map.of())).doesNotContain("rule/r2");
    assertThat(programs.usedBytes()).isEqualTo(one);
    create("r3", EXPENSIVE.formatted("s"));
  }

  @Test
  void rulesTextMayHaveAQuarterOfAMegabyte() {
    assertRefused("r1", " ".repeat(256 << 10) + "{", "at most 262144 are allowed");
  }

  @Test
  void disabledRulesTellTheirFilterInTheList() throws Exception {
    create("r1", RULE.formatted(""));
    call("DisableTopicRule", "r1", "", Map.of());
    assertThat(call("ListTopicRules", "", "", Map.of())).contains("\"topicPattern\":\"a/#\"");
  }
}
