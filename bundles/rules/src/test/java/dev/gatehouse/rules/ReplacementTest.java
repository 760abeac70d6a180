package dev.gatehouse.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReplacementTest extends RulesHouse {
  private static final int TIMES = 200;

  private static String rule(String filter, String to) {
    return """
    {"sql":"SELECT n FROM '%s'","awsIotSqlVersion":"2016-03-23",
     "actions":[{"note":{"to":"%s"}}]}"""
        .formatted(filter, to);
  }

  private interface Sending {
    void send(String topic, String payload) throws Exception;
  }

  /** Sends one message after the other until it is enough; how many it were. */
  private static CompletableFuture<Integer> sending(
      Sending by, String topic, AtomicBoolean enough) {
    return CompletableFuture.supplyAsync(
        () -> {
          int sent = 0;
          while (!enough.get()) {
            try {
              by.send(topic, "{\"n\":" + sent++ + "}");
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          }
          return sent;
        });
  }

  private List<String> seen() {
    return notes.taken.stream().map(text -> text.substring(text.indexOf('=') + 1)).toList();
  }

  private static Set<String> numbers(int count) {
    return IntStream.range(0, count)
        .mapToObj(n -> "{\"n\":" + n + "}")
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @ParameterizedTest
  @CsvSource({"a/#, a/#, a/b", "a/#, a/+, a/b", "a/#, b, $aws/rules/r1/c"})
  void noMessageOfTheMomentWhenARuleIsReplacedIsMissed(String one, String other, String topic)
      throws Exception {
    create("r1", rule(one, "x"));
    Sending by = topic.startsWith("$") ? this::ingest : this::publish;
    AtomicBoolean enough = new AtomicBoolean();
    CompletableFuture<Integer> count = sending(by, topic, enough);
    for (int i = 0; i < TIMES; i++) {
      String replacement = i % 2 == 0 ? rule(other, "y") : rule(one, "x");
      call("ReplaceTopicRule", "r1", replacement, Map.of());
    }
    enough.set(true);
    int sent = count.get(30, TimeUnit.SECONDS);
    Awaitility.await().untilAsserted(() -> assertThat(seen()).containsAll(numbers(sent)));
    if (!other.equals("a/+")) { // else two subscriptions match for a moment
      assertThat(seen()).hasSize(sent);
    }
    assertThat(bus.subscriptions()).isEqualTo(1);
  }

  @Test
  void aChangeThatLeavesTheFilterKeepsTheSubscription() throws Exception {
    create("r1", rule("a/#", "x"));
    call("ReplaceTopicRule", "r1", rule("a/#", "y"), Map.of());
    rules.unbindActionType(notes);
    rules.bindActionType(notes);
    call("GetTopicRule", "r1", "", Map.of());
    publish("a/b", "{\"n\":1}");
    Awaitility.await().untilAsserted(() -> assertThat(notes.taken).containsExactly("y={\"n\":1}"));
    assertThat(bus.subscribed()).isEqualTo(1);
    assertThat(bus.drained()).isZero();
    call("ReplaceTopicRule", "r1", rule("b", "y"), Map.of());
    assertThat(bus.subscribed()).isEqualTo(2);
    assertThat(bus.drained()).isEqualTo(1);
    assertThat(bus.subscriptions()).isEqualTo(1);
    publish("a/b", "{\"n\":2}");
    publish("b", "{\"n\":3}");
    assertThat(notes.taken).containsExactly("y={\"n\":1}", "y={\"n\":3}");
  }

  @Test
  void whatCameInForARuleThatIsDisabledIsHandedOverButNotForOneThatIsDeleted() throws Exception {
    create("r1", rule("a/#", "x"));
    call("DisableTopicRule", "r1", "", Map.of());
    assertThat(bus.subscriptions()).isZero();
    assertThat(bus.drained()).isEqualTo(1);
    call("EnableTopicRule", "r1", "", Map.of());
    publish("a/b", "{\"n\":1}");
    assertThat(notes.taken).containsExactly("x={\"n\":1}");
    call("DeleteTopicRule", "r1", "", Map.of());
    assertThat(bus.subscriptions()).isZero();
    assertThat(bus.drained()).isEqualTo(1);
  }

  @Test
  void whatCameInForARuleWhenTheEngineStopsIsHandedOver() throws Exception {
    create("r1", rule("a/#", "x"));
    rules.stop();
    assertThat(bus.drained()).isEqualTo(1);
    rules = service();
    open();
    Awaitility.await().until(() -> bus.subscriptions() == 1);
  }

  @Test
  void anActionThatARuleNoLongerHasIsLetGoWithWhatWaitsForIt() throws Exception {
    create("r1", rule("a/#", "x").replace("}}]", "}},{\"note\":{\"to\":\"z\"}}]"));
    notes.failures = Integer.MAX_VALUE;
    publish("a/b", "{\"n\":1}");
    Awaitility.await().until(() -> metric("rules_actions_queued_count") == 2);
    call("ReplaceTopicRule", "r1", rule("a/#", "x"), Map.of());
    assertThat(metric("rules_actions_queued_count")).isEqualTo(1);
    notes.failures = 0;
    Awaitility.await().untilAsserted(() -> assertThat(notes.taken).containsExactly("x={\"n\":1}"));
  }
}
