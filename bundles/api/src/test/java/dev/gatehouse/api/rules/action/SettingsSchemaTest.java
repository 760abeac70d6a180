package dev.gatehouse.api.rules.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.rules.action.ActionSettings.Items;
import dev.gatehouse.api.rules.action.ActionSettings.Members;
import dev.gatehouse.api.rules.action.ActionSettings.Scalar;
import dev.gatehouse.api.rules.action.ActionSettings.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class SettingsSchemaTest {
  private static final SettingsSchema SCHEMA =
      new SettingsSchema(
          List.of(
              Setting.text("topic", "t").need().template(),
              Setting.number("partition", "p").template(),
              Setting.flag("batch", "b"),
              Setting.text("acl", "a").oneOf("private", "public"),
              Setting.object(
                  "client",
                  "c",
                  Setting.text("bootstrap.servers", "s").need(),
                  Setting.text("acks", "a").oneOf("0", "1")),
              Setting.list(
                  "headers",
                  "h",
                  Setting.text("key", "k").need().template(),
                  Setting.text("value", "v").template()),
              Setting.map("labels", "l").template(),
              Setting.roleArn()));

  private static ActionSettings given(Map<String, Value> more) {
    Map<String, Value> all = new HashMap<>(more);
    all.putIfAbsent("topic", new Scalar("t/${topic()}"));
    all.putIfAbsent("roleArn", new Scalar("arn"));
    return new ActionSettings(all);
  }

  private static Members object(Map<String, Value> members) {
    return new Members(new ActionSettings(members));
  }

  @Test
  void everyTextNumberAndBooleanIsALeafWithItsSetting() {
    ActionSettings settings =
        given(
            Map.of(
                "partition", new Scalar("1e3"),
                "batch", new Scalar("true"),
                "client", object(Map.of("bootstrap.servers", new Scalar("a:1"))),
                "headers",
                    new Items(
                        List.of(
                            object(Map.of("key", new Scalar("a"))),
                            object(Map.of("key", new Scalar("b"), "value", new Scalar("2"))))),
                "labels", object(Map.of("a.b\\c", new Scalar("x")))));
    List<SettingsSchema.Leaf> leaves = SCHEMA.leaves(settings);
    assertThat(leaves)
        .extracting(leaf -> leaf.key() + "=" + leaf.text())
        .containsExactlyInAnyOrder(
            "topic=t/${topic()}",
            "partition=1e3",
            "batch=true",
            "client.bootstrap\\.servers=a:1",
            "headers.0.key=a",
            "headers.1.key=b",
            "headers.1.value=2",
            "labels.a\\.b\\\\c=x",
            "roleArn=arn");
    assertThat(leaves)
        .filteredOn(leaf -> leaf.setting().type() == Setting.Type.ROLE)
        .singleElement()
        .extracting(SettingsSchema.Leaf::text)
        .isEqualTo("arn");
    assertThat(SettingsSchema.untyped(settings))
        .extracting(SettingsSchema.Leaf::key)
        .containsExactlyInAnyOrderElementsOf(
            leaves.stream().map(SettingsSchema.Leaf::key).toList());
  }

  @Test
  void theTreeIsReadByName() {
    ActionSettings settings =
        given(
            Map.of(
                "batch", new Scalar("true"),
                "headers", new Items(List.of(object(Map.of("key", new Scalar("a"))))),
                "labels", object(Map.of("b.c", new Scalar("x"), "a", new Scalar("y")))));
    assertThat(settings.flag("batch")).isTrue();
    assertThat(settings.flag("acl")).isFalse();
    assertThat(settings.list("headers")).extracting(one -> one.require("key")).containsExactly("a");
    assertThat(settings.list("labels")).isEmpty();
    assertThat(settings.map("labels")).isEqualTo(Map.of("b.c", "x", "a", "y"));
    assertThat(settings.at("labels").get("b.c")).contains("x");
    assertThat(settings.get("labels")).isEmpty();
  }

  static Stream<Arguments> unfit() {
    Value text = new Scalar("x");
    return Stream.of(
        Arguments.of("nope", text, "has no setting 'nope'"),
        Arguments.of("partition", text, "setting 'partition' is 'x', not a number"),
        Arguments.of("partition", new Scalar("1".repeat(101)), "not a number"),
        Arguments.of("batch", new Scalar("yes"), "setting 'batch' is 'yes', not true or false"),
        Arguments.of("batch", new Scalar("${x}"), "not true or false"),
        Arguments.of("acl", text, "setting 'acl' is 'x', not one of private, public"),
        Arguments.of("client", text, "needs an object as 'client'"),
        Arguments.of("client", object(Map.of()), "needs the setting 'client.bootstrap.servers'"),
        Arguments.of(
            "client",
            object(Map.of("bootstrap.servers", text, "acks", new Scalar("all"))),
            "setting 'client.acks' is 'all', not one of 0, 1"),
        Arguments.of("headers", object(Map.of()), "needs a list as 'headers'"),
        Arguments.of("headers", new Items(List.of(text)), "needs an object as 'headers.0'"),
        Arguments.of(
            "headers", new Items(List.of(object(Map.of()))), "needs the setting 'headers.0.key'"),
        Arguments.of("labels", object(Map.of("a", object(Map.of()))), "needs a text as 'labels.a'"),
        Arguments.of("topic", new Items(List.of()), "needs a text as 'topic'"));
  }

  @ParameterizedTest
  @MethodSource("unfit")
  void aSettingThatDoesNotFitIsNamed(String name, Value value, String problem) {
    ActionSettings settings = given(Map.of(name, value));
    assertThatThrownBy(() -> SCHEMA.leaves(settings))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void aTemplateIsNotJudgedBeforeItIsReplaced() {
    ActionSettings settings = given(Map.of("partition", new Scalar("${p}")));
    SettingsSchema.Leaf leaf =
        SCHEMA.leaves(settings).stream()
            .filter(one -> one.key().equals("partition"))
            .findFirst()
            .orElseThrow();
    assertThat(SettingsSchema.problem(leaf, "7")).isEmpty();
    assertThat(SettingsSchema.problem(leaf, "many"))
        .contains("setting 'partition' is 'many', not a number");
  }

  @Test
  void aDescriptionThatContradictsItselfIsRefused() {
    assertThatThrownBy(() -> Setting.object("o", "h")).hasMessageContaining("0 members");
    assertThatThrownBy(() -> Setting.roleArn().template()).hasMessageContaining("templated");
    Setting one = Setting.text("a", "h");
    assertThatThrownBy(() -> new SettingsSchema(List.of(one, one))).hasMessageContaining("named a");
  }
}
