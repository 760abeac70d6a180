package dev.gatehouse.actions.republish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.MessageProperties;
import dev.gatehouse.api.message.Origin;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.message.TraceId;
import dev.gatehouse.api.rules.action.ActionContext;
import dev.gatehouse.api.rules.action.ActionInput;
import dev.gatehouse.api.rules.action.ActionSettings;
import dev.gatehouse.api.rules.action.ActionTarget;
import dev.gatehouse.api.rules.action.RuleAction;
import dev.gatehouse.api.rules.action.RuleActionType;
import dev.gatehouse.api.rules.action.Setting;
import dev.gatehouse.rules.RulesStand;
import dev.gatehouse.shadow.ShadowStand;
import dev.gatehouse.testkit.InMemoryBus;
import dev.gatehouse.testkit.OneRole;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules that cause themselves, with the real engine and the real shadows. */
final class LoopTest {
  private static final Account ACCOUNT = new Account("000000000000", "us-east-1");
  private static final String UPDATE = "$aws/things/bulb/shadow/update";

  private final InMemoryBus bus = new InMemoryBus();
  private final Clock clock = Clock.systemUTC();
  private final OneRole role =
      new OneRole("arn:aws:iam::000000000000:role/r", (action, resource) -> true);
  private final Tellings tellings = new Tellings();
  private final RulesStand rules =
      new RulesStand(bus, ACCOUNT, clock, role, List.of(new RepublishType(bus), tellings));

  @BeforeEach
  void open() {
    ShadowStand.open(bus, ACCOUNT, clock);
  }

  @AfterEach
  void close() {
    rules.close();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "documents, SELECT current.state AS state FROM '$aws/things/+/shadow/update/documents'",
        "accepted, SELECT state FROM '$aws/things/bulb/shadow/update/accepted'",
        "delta, SELECT {'desired': state} AS state FROM '$aws/things/+/shadow/update/delta'",
        "rejected, SELECT 1 AS state FROM '$aws/things/+/shadow/update/rejected'",
      })
  void aLoopThroughAShadowEndsAndIsTold(String answer, String sql) {
    create(sql, "$$aws/things/bulb/shadow/update");
    publish(UPDATE, answer.equals("rejected") ? "{}" : "{\"state\":{\"desired\":{\"on\":1}}}");
    assertEndsAndIsTold(UPDATE + "/" + answer);
  }

  @Test
  void aLoopThroughBasicIngestEndsAndIsTold() {
    create("SELECT *", "$$aws/rules/loop/x");
    publish("$aws/rules/loop/x", "{}");
    assertEndsAndIsTold("$aws/rules/loop/x");
  }

  @Test
  void aLoopThroughATopicEndsAndIsTold() {
    create("SELECT * FROM 'a'", "a");
    publish("a", "{}");
    assertEndsAndIsTold("a");
  }

  private void assertEndsAndIsTold(String topic) {
    Awaitility.await().until(() -> !tellings.told.isEmpty());
    assertThat(tellings.told).singleElement().asString().contains("rule loop is part of a loop");
    assertThat(rules.metric("rules_actions_failed_total")).isEqualTo(1);
    assertThat(bus.published().stream().filter(message -> message.topic().value().equals(topic)))
        .extracting(Message::hops)
        .containsExactlyElementsOf(IntStream.rangeClosed(0, Message.MAX_HOPS).boxed().toList());
  }

  private void create(String sql, String topic) {
    rules.create(
        "loop",
        """
        {"sql":"%s","awsIotSqlVersion":"2016-03-23","errorAction":{"tell":{}},
         "actions":[{"republish":{"topic":"%s","roleArn":"arn:aws:iam::000000000000:role/r"}}]}\
        """
            .formatted(sql, topic));
  }

  private void publish(String topic, String payload) {
    bus.publish(
        new Message(
            ACCOUNT,
            new TopicName(topic),
            Payload.ofText(payload),
            QoS.AT_LEAST_ONCE,
            false,
            MessageProperties.NONE,
            new Origin(new Principal.Certificate(ACCOUNT, "ab".repeat(32)), "c", "192.0.2.1"),
            1,
            TraceId.next(),
            0));
  }

  /** An error action that remembers. */
  private static final class Tellings implements RuleActionType, RuleAction {
    final List<String> told = new CopyOnWriteArrayList<>();

    @Override
    public String name() {
      return "tell";
    }

    @Override
    public List<Setting> settings() {
      return List.of();
    }

    @Override
    public RuleAction create(ActionContext context) {
      return this;
    }

    @Override
    public ActionTarget target(ActionSettings settings) {
      return new ActionTarget("tell", List.of());
    }

    @Override
    public CompletionStage<Void> execute(ActionInput input) {
      told.add(input.payload().text());
      return CompletableFuture.completedFuture(null);
    }
  }
}
