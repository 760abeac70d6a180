package dev.gatehouse.actions.republish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.error.ErrorCode;
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
import dev.gatehouse.api.rules.action.ActionInput;
import dev.gatehouse.api.rules.action.ActionSettings;
import dev.gatehouse.testkit.InMemoryBus;
import dev.gatehouse.testkit.OneRole;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
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
            "headers.userProperties.0.key", "k",
            "headers.userProperties.0.value", "v"));
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
    "headers.payloadFormatIndicator,utf8",
    "headers.messageExpiry,soon",
    "headers.messageExpiry,-1",
    "headers.correlationData,%",
    "headers.userProperties.0.key,k",
  })
  void anUnfitHeaderIsRefusedAtCreationAndFailsForGood(String name, String value) {
    RepublishType type = type(bus);
    Map<String, String> values = Map.of("topic", "a", "roleArn", ROLE, name, value);
    assertThatThrownBy(() -> type.validate(new ActionSettings(values)))
        .isInstanceOf(ServiceException.class);
    assertThat(failure(bus, 0, Map.of("topic", "a", name, value)).retryable()).isFalse();
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
    ActionFailure failure = failure(bus, Message.MAX_HOPS, Map.of("topic", "a"));
    assertThat(failure).hasMessageContaining("myrule").hasMessageContaining("loop");
    assertThat(failure.retryable()).isFalse();
    assertThat(bus.published()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/+", "#", ""})
  void aTopicThatTemplatesMadeUnfitFailsForGood(String topic) {
    ActionFailure failure = failure(bus, 0, Map.of("topic", topic));
    assertThat(failure.retryable()).isFalse();
    assertThat(failure.resource()).isEqualTo(topic);
    assertThat(bus.published()).isEmpty();
  }

  @Test
  void aQosThatATemplateMadeUnfitFailsForGood() {
    ActionFailure failure = failure(bus, 0, Map.of("topic", "a", "qos", "2"));
    assertThat(failure).hasMessageContaining("'2'");
    assertThat(failure.retryable()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "RESERVED_TOPIC_UNCLAIMED,false",
    "QUOTA_EXCEEDED,true",
    "STORE_UNAVAILABLE,true",
  })
  void anOutcomeThatIsNoSuccessFails(PublishOutcome outcome, boolean retryable) {
    ActionFailure failure = failure(answering(outcome), 0, Map.of("topic", "t"));
    assertThat(failure.resource()).isEqualTo("t");
    assertThat(failure.retryable()).isEqualTo(retryable);
  }

  @Test
  void nobodyListeningIsASuccess() {
    run(answering(PublishOutcome.NO_SUBSCRIBERS), 0, Map.of("topic", "t"));
    assertThat(bus.subscriptions()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "a/#, 0, " + ROLE,
    "a, 2, " + ROLE,
    "a, 0, arn:aws:iam::1:role/x",
    "a, 0, arn:aws:iam::000000000000:user/x",
  })
  void anUnfitSettingIsRefusedAtCreation(String topic, String qos, String role) {
    RepublishType type = type(bus);
    ActionSettings settings =
        new ActionSettings(Map.of("topic", topic, "qos", qos, "roleArn", role));
    assertThatThrownBy(() -> type.validate(settings))
        .isInstanceOfSatisfying(
            ServiceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST));
  }

  @Test
  void templatesAreNotJudgedAtCreation() {
    RepublishType type = type(bus);
    Map<String, String> values =
        Map.of("topic", "$$aws/things/${topic(2)}/x", "qos", "${q}", "roleArn", ROLE);
    type.validate(new ActionSettings(values));
    assertThat(type.settings()).extracting("name").contains("topic", "qos", "roleArn");
  }

  private static ActionFailure failure(MessageBus on, int hops, Map<String, String> settings) {
    try {
      run(on, hops, settings);
    } catch (CompletionException e) {
      return (ActionFailure) e.getCause();
    }
    throw new AssertionError("it did not fail");
  }

  private static void run(MessageBus on, int hops, Map<String, String> settings) {
    Map<String, String> values = new HashMap<>(settings);
    values.putIfAbsent("roleArn", ROLE);
    execute(type(on), new ActionSettings(values), hops);
  }

  private static void execute(RepublishType type, ActionSettings all, int hops) {
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
    type.create(all)
        .execute(new ActionInput("myrule", all, Payload.ofText("selected"), source))
        .toCompletableFuture()
        .join();
  }

  private static RepublishType type(MessageBus on) {
    RepublishType type = new RepublishType(on, NO_SECRETS, CLOCK);
    type.addRoles(NO_SECRETS);
    return type;
  }

  @Test
  void itPublishesAsTheRoleAndOnlyWhatTheRoleMay() {
    ActionFailure denied = failure(bus, 0, Map.of("topic", "secret/a"));
    assertThat(denied).hasMessageContaining("may not do iot:Publish");
    assertThat(denied.retryable()).isFalse();
    ActionFailure absent =
        failure(bus, 0, Map.of("topic", "t", "roleArn", "arn:aws:iam::000000000000:role/gone"));
    assertThat(absent).hasMessageContaining("there is no role");
    RepublishType lonely = new RepublishType(bus, NO_SECRETS, CLOCK);
    ActionSettings settings = new ActionSettings(Map.of("topic", "t", "roleArn", ROLE));
    assertThatThrownBy(() -> execute(lonely, settings, 0))
        .hasMessageContaining("cannot be looked up")
        .cause()
        .isInstanceOfSatisfying(
            ActionFailure.class, later -> assertThat(later.retryable()).isTrue());
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
