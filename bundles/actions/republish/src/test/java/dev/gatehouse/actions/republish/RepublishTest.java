package dev.gatehouse.actions.republish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.message.Mailbox;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.MessageBus;
import dev.gatehouse.api.message.MessageHandler;
import dev.gatehouse.api.message.MessageProperties;
import dev.gatehouse.api.message.Origin;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.PayloadFormat;
import dev.gatehouse.api.message.PublishOutcome;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.message.TraceId;
import dev.gatehouse.api.rules.action.ActionFailure;
import dev.gatehouse.api.rules.action.ActionSettings;
import dev.gatehouse.api.rules.action.SettingsSchema;
import dev.gatehouse.testkit.ActionStand;
import dev.gatehouse.testkit.InMemoryBus;
import dev.gatehouse.testkit.OneRole;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RepublishTest {
  private static final Account ACCOUNT = new Account("000000000000", "us-east-1");
  private static final String ROLE = "arn:aws:iam::000000000000:role/service/iot";

  /** It may publish on whatever does not begin with 'secret'. */
  private static final OneRole NO_SECRETS =
      new OneRole(
          ROLE,
          (action, resource) ->
              action.equals("iot:Publish") && !resource.contains(":topic/secret"));

  private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(1234), ZoneOffset.UTC);

  private final InMemoryBus bus = new InMemoryBus();

  @Test
  void theSelectedPayloadGoesOutOnTheOtherTopic() {
    run(bus, 2, Map.of("topic", "alarms/room", "qos", "1"));

    Message sent = bus.published().get(0);
    assertThat(sent.topic().value()).isEqualTo("alarms/room");
    assertThat(sent.payload().text()).isEqualTo("selected");
    assertThat(sent.qos()).isEqualTo(QoS.AT_LEAST_ONCE);
    assertThat(sent.hops()).isEqualTo(3);
    assertThat(sent.timeMillis()).isEqualTo(1234);
    assertThat(sent.traceId()).isEqualTo(new TraceId(1, 2));
    assertThat(sent.retain()).isFalse();
  }

  @Test
  void headersBecomeProperties() {
    run(
        bus,
        0,
        Map.of(
            "topic", "a",
            "headers.payloadFormatIndicator", "UTF8_DATA",
            "headers.contentType", "application/json",
            "headers.responseTopic", "answer",
            "headers.correlationData", "AQI=",
            "headers.messageExpiry", "60",
            "headers.userProperties.key", "k",
            "headers.userProperties.value", "v"));
    assertThat(bus.published().get(0).properties())
        .isEqualTo(
            new MessageProperties(
                PayloadFormat.UTF8_DATA,
                60L,
                "application/json",
                "answer",
                Payload.of(new byte[] {1, 2}),
                List.of(new MessageProperties.UserProperty("k", "v"))));
  }

  @ParameterizedTest
  @CsvSource({
    "headers.messageExpiry,1.5",
    "headers.messageExpiry,-1",
    "headers.correlationData,%",
  })
  void anUnfitHeaderIsRefusedAtCreationAndFailsForGood(String name, String value) {
    Map<String, String> values = Map.of("topic", "a", name, value);
    assertThatThrownBy(() -> type(bus).validate(tree(values))).isInstanceOf(ServiceException.class);
    assertThat(failure(bus, 0, values)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void userPropertiesAreAtMostAHundred() {
    ActionSettings.Value pair =
        new ActionSettings.Members(ActionSettings.ofTexts(Map.of("key", "k", "value", "v")));
    for (int count : List.of(100, 101)) {
      ActionSettings headers =
          new ActionSettings(
              Map.of("userProperties", new ActionSettings.Items(Collections.nCopies(count, pair))));
      ActionSettings settings =
          new ActionSettings(Map.of("headers", new ActionSettings.Members(headers)));
      if (count == 100) {
        type(bus).validate(settings);
      } else {
        assertThatThrownBy(() -> type(bus).validate(settings)).hasMessageContaining("101 entries");
      }
    }
  }

  @Test
  void qosIsZeroUnlessGiven() {
    run(bus, 0, Map.of("topic", "a"));
    assertThat(bus.published().get(0).qos()).isEqualTo(QoS.AT_MOST_ONCE);
  }

  @Test
  void itPublishesAsTheRoleSoThatOwnersOfReservedTopicsSeeIt() {
    run(bus, 0, Map.of("topic", "$aws/things/t/shadow/update"));
    Origin origin = bus.published().get(0).origin();
    assertThat(origin.internal()).isFalse();
    assertThat(origin.principal())
        .isEqualTo(new Principal.RoleSession(ACCOUNT, "iot", OneRole.ID, "myrule"));
    assertThat(origin.clientId()).isNull();
  }

  @Test
  void aLoopEndsAtTheLimitOfHopsAndIsNamed() {
    assertThat(failure(bus, Message.MAX_HOPS, Map.of("topic", "a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("myrule")
        .hasMessageContaining("loop");
    assertThat(bus.published()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/+", "#", ""})
  void aTopicThatTemplatesMadeUnfitFailsForGood(String topic) {
    assertThat(failure(bus, 0, Map.of("topic", topic)))
        .isInstanceOf(IllegalArgumentException.class);
    try (ActionStand stand = stand(type(bus), Map.of("topic", topic))) {
      assertThat(stand.target().name()).isEqualTo(topic);
    }
    assertThat(bus.published()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "RESERVED_TOPIC_UNCLAIMED,false",
    "QUOTA_EXCEEDED,true",
    "STORE_UNAVAILABLE,true",
  })
  void anOutcomeThatIsNoSuccessFails(PublishOutcome outcome, boolean retryable) {
    assertThat(failure(answering(outcome), 0, Map.of("topic", "t")))
        .isInstanceOfSatisfying(
            ActionFailure.class, failure -> assertThat(failure.retryable()).isEqualTo(retryable));
  }

  @Test
  void nobodyListeningIsASuccess() {
    run(answering(PublishOutcome.NO_SUBSCRIBERS), 0, Map.of("topic", "t"));
    assertThat(bus.subscriptions()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "topic, a/#",
    "qos, 2",
    "qos, one",
    "headers.payloadFormatIndicator, utf8",
    "headers.messageExpiry, soon",
    "headers.userProperties.key, k",
    "headers.color, red",
  })
  void anUnfitSettingIsRefusedAtCreation(String name, String value) {
    Map<String, String> values = new HashMap<>(Map.of("topic", "a", "roleArn", ROLE));
    values.put(name, value);
    ActionSettings settings = tree(values);
    assertThatThrownBy(
            () -> {
              new SettingsSchema(type(bus).settings()).leaves(settings);
              type(bus).validate(settings);
            })
        .isInstanceOfAny(ServiceException.class, IllegalArgumentException.class);
  }

  @Test
  void templatesAreNotJudgedAtCreation() {
    ActionSettings settings =
        tree(
            Map.of(
                "topic", "$$aws/things/${topic(2)}/x",
                "qos", "${q}",
                "headers.messageExpiry", "${e}",
                "headers.payloadFormatIndicator", "${f}",
                "roleArn", ROLE));
    assertThat(new SettingsSchema(type(bus).settings()).leaves(settings)).hasSize(5);
    type(bus).validate(settings);
  }

  private static Throwable failure(MessageBus on, int hops, Map<String, String> settings) {
    try {
      run(on, hops, settings);
    } catch (CompletionException e) {
      return e.getCause();
    }
    throw new AssertionError("it did not fail");
  }

  private static void run(MessageBus on, int hops, Map<String, String> settings) {
    Message source =
        new Message(
            ACCOUNT,
            new TopicName("in"),
            Payload.ofText("source"),
            QoS.AT_MOST_ONCE,
            true,
            MessageProperties.NONE,
            Origin.of(new Principal.Component(ACCOUNT, "test")),
            1,
            new TraceId(1, 2),
            hops);
    try (ActionStand stand = stand(type(on), settings)) {
      stand.execute(Payload.ofText("selected"), source).join();
    }
  }

  private static ActionStand stand(RepublishType type, Map<String, String> settings) {
    return new ActionStand(type, ACCOUNT, tree(settings), NO_SECRETS, CLOCK);
  }

  /** The members of {@code headers} are named with a dot; user properties are one pair. */
  private static ActionSettings tree(Map<String, String> texts) {
    Map<String, ActionSettings.Value> top = new HashMap<>();
    Map<String, ActionSettings.Value> headers = new HashMap<>();
    Map<String, String> pair = new HashMap<>();
    texts.forEach(
        (name, text) -> {
          String[] path = name.split("\\.");
          if (path.length == 1) {
            top.put(name, new ActionSettings.Scalar(text));
          } else if (path.length == 2) {
            headers.put(path[1], new ActionSettings.Scalar(text));
          } else {
            pair.put(path[2], text);
          }
        });
    if (!pair.isEmpty()) {
      headers.put(
          "userProperties",
          new ActionSettings.Items(
              List.of(new ActionSettings.Members(ActionSettings.ofTexts(pair)))));
    }
    if (!headers.isEmpty()) {
      top.put("headers", new ActionSettings.Members(new ActionSettings(headers)));
    }
    return new ActionSettings(top);
  }

  private static RepublishType type(MessageBus on) {
    return new RepublishType(on);
  }

  @Test
  void theRoleNeedsTheRightToPublish() {
    assertThat(failure(bus, 0, Map.of("topic", "secret/a")))
        .hasMessageContaining("may not do iot:Publish");
    assertThat(bus.published()).isEmpty();
  }

  private static MessageBus answering(PublishOutcome outcome) {
    return new MessageBus() {
      @Override
      public CompletionStage<PublishOutcome> publish(Message message) {
        return CompletableFuture.completedFuture(outcome);
      }

      @Override
      public Subscription subscribe(
          Account account, TopicFilter filter, Mailbox mailbox, MessageHandler handler) {
        throw new UnsupportedOperationException();
      }
    };
  }
}
