package dev.gatehouse.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.MessageProperties;
import dev.gatehouse.api.message.MessageProperties.UserProperty;
import dev.gatehouse.api.message.Origin;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.PayloadFormat;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.message.TraceId;
import dev.gatehouse.api.rules.action.ActionInput;
import dev.gatehouse.api.rules.action.ActionSettings;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the engine does for every action: settings, rights of roles, and what waits. */
final class ActionContractTest extends RulesHouse {
  private static final String TOLD =
      """
      {"sql":"SELECT * FROM 'a'","awsIotSqlVersion":"2016-03-23",
       "actions":[{"note":{%s,"roleArn":"%s"}}],
       "errorAction":{"note":{"to":"err"}}}\
      """;

  private void rule(String settings, String role) throws Exception {
    create("r1", TOLD.formatted(settings, role));
  }

  private ActionInput taken() {
    Awaitility.await().until(() -> !notes.inputs.isEmpty());
    return notes.inputs.get(0);
  }

  @Test
  void theRoleIsAskedForItsRightOnTheExpandedResourceOfEveryMessage() throws Exception {
    rule("\"to\":\"x/${to}\"", "r");
    publish("a", "{\"to\":\"1\"}");
    publish("a", "{\"to\":\"*\"}");
    assertThat(passed.asked)
        .containsExactly(
            "note:Write arn:aws:note:us-east-1:000000000000:x/1",
            "note:Write arn:aws:note:us-east-1:000000000000:x/*");
    assertThat(taken().actor()).contains(new Principal.RoleSession(ACCOUNT, "r", "AROAR", "r1"));
    assertThat(taken().target().name()).isEqualTo("res");
  }

  @Test
  void anActionIsNotExecutedWithoutTheRightAndTheFailureNamesActionResourceAndRole()
      throws Exception {
    rule("\"to\":\"${to}\"", "weak");
    publish("a", "{\"to\":\"secret\"}");
    assertThat(notes.taken)
        .singleElement()
        .asString()
        .contains(
            "\"failedAction\":\"NoteAction\",\"failedResource\":\"res\"",
            "role weak may not do note:Write on arn:aws:note:us-east-1:000000000000:secret");
    publish("a", "{\"to\":\"open\"}");
    assertThat(notes.taken).hasSize(2);
  }

  @Test
  void aRoleThatIsGoneFailsTheActionForGood() throws Exception {
    rule("\"to\":\"x\"", "gone");
    publish("a", "{}");
    assertThat(notes.taken)
        .singleElement()
        .asString()
        .contains("there is no role gone that trusts iot.amazonaws.com");
  }

  @Test
  void messagesWaitWhileRolesCannotBeLookedUp() throws Exception {
    rule("\"to\":\"x\"", "r");
    rules.unbindAuthorizer(passed.rights);
    publish("a", "{}");
    assertThat(notes.taken).isEmpty();
    assertThat(rules.health().message()).contains("dev.gatehouse.identity");
    rules.bindAuthorizer(passed.rights);
    rules.unbindRoles(passed);
    Awaitility.await().until(() -> rules.health().message().contains("dev.gatehouse.iam"));
    rules.bindRoles(passed);
    assertThat(taken().settings().require("to")).isEqualTo("x");
  }

  @Test
  void settingsAreATreeWithTemplatesInAnyPlace() throws Exception {
    rule(
        """
        "to":"x","times":3,"loud":true,"labels":{"a.b":"${topic()}","c":"d"},
        "by":{"name":"n-${n}","pens":[{"ink.color":"red"},{"ink.color":"${color}"},{}]}\
        """,
        "r");
    publish("a", "{\"n\":7,\"color\":\"blue\"}");
    ActionSettings settings = taken().settings();
    assertThat(settings.get("times")).contains("3");
    assertThat(settings.flag("loud")).isTrue();
    assertThat(settings.map("labels")).isEqualTo(Map.of("a.b", "a", "c", "d"));
    assertThat(settings.at("by").require("name")).isEqualTo("n-7");
    assertThat(settings.at("by").list("pens"))
        .extracting(pen -> pen.get("ink.color").orElse("none"))
        .containsExactly("red", "blue", "none");
  }

  @Test
  void anOptionalSettingThatComesOutEmptyIsAbsent() throws Exception {
    rule(
        """
        "to":"x","times":"${none}","labels":{"k":"${none}"},
        "by":{"name":"${none}","pens":[{"ink.color":"${none}"}]}\
        """,
        "r");
    publish("a", "{}");
    ActionSettings settings = taken().settings();
    assertThat(settings.get("times")).isEmpty();
    assertThat(settings.map("labels")).isEqualTo(Map.of("k", ""));
    assertThat(settings.at("by").get("name")).contains("");
    assertThat(settings.at("by").list("pens").get(0).values()).isEmpty();
  }

  @Test
  void aTemplateThatComesOutUnfitFailsTheActionForGood() throws Exception {
    rule("\"to\":\"x\",\"times\":\"${n}\"", "r");
    publish("a", "{\"n\":\"many\"}");
    assertThat(notes.taken)
        .singleElement()
        .asString()
        .contains("setting 'times' is 'many', not a number");
    assertThat(passed.asked).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "\"to\":\"x\",\"times\":\"often\" | actions[0].note setting 'times' is 'often', not a",
        "\"to\":\"x\",\"loud\":\"${topic()}\" | setting 'loud' is '${topic()}', not true or false",
        "\"to\":\"x\",\"form\":\"thin-ish\" | 'thin-ish', not one of thin, thick",
        "\"to\":\"x\",\"by\":{} | actions[0].note needs the setting 'by.name'",
        "\"to\":\"x\",\"by\":{\"name\":\"n\",\"pens\":{}} | needs a list as 'by.pens'",
        "\"to\":\"x\",\"by\":{\"name\":\"n\",\"pens\":[{\"cap\":1}]} | no setting 'by.pens.0.cap'",
        "\"to\":\"x\",\"labels\":{\"a.b\":\"${1 +}\"} | actions[0].labels.a\\.b: line 1",
      })
  void settingsThatDoNotFitAreRefusedAtCreation(String settings, String reason) {
    assertRefused("r1", TOLD.formatted(settings, "r"), reason);
  }

  @Test
  void propertiesOfMqtt5SurviveTheQueue() throws Exception {
    MessageProperties properties =
        new MessageProperties(
            PayloadFormat.UTF8_DATA,
            60L,
            "application/json",
            "answer/here",
            Payload.of(new byte[] {1, (byte) 0xff}),
            List.of(new UserProperty("k", "1"), new UserProperty("k", "ä")));
    rule("\"to\":\"x\"", "r");
    rules.unbindActionType(notes);
    Awaitility.await().until(() -> !rules.health().message().isEmpty());
    bus.publish(
            new Message(
                ACCOUNT,
                new TopicName("a"),
                Payload.ofText("{}"),
                QoS.AT_LEAST_ONCE,
                false,
                properties,
                Origin.of(new Principal.Component(ACCOUNT, "test")),
                1,
                new TraceId(1, 2),
                0))
        .toCompletableFuture()
        .get(5, TimeUnit.SECONDS);
    rules.bindActionType(notes);
    assertThat(taken().message().properties()).isEqualTo(properties);
  }
}
