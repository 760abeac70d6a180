package dev.gatehouse.rules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.rules.function.FunctionSet;
import dev.gatehouse.api.rules.function.FunctionSignature;
import dev.gatehouse.api.telemetry.HealthCheck;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Functions of other bundles. */
final class RuleFunctionsTest extends RulesHouse {
  private static String caller() {
    return withRole("yes")
        .replace("*", "get_thing_shadow('t', 'yes') AS x")
        .replace("{\"sql\"", "{\"awsIotSqlVersion\":\"2016-03-23-beta\",\"sql\"");
  }

  @Test
  void aRuleOfTheFirstVersionReadsNoShadow() {
    rules.bindFunctionSet(new Twice());
    assertRefused(
        "r1",
        caller().replace("2016-03-23-beta", "2015-10-08"),
        "function get_thing_shadow needs awsIotSqlVersion 2016-03-23, not 2015-10-08");
  }

  @Test
  void aRoleThatAFunctionTakesIsPassedToo() throws Exception {
    rules.bindFunctionSet(new Twice());
    String call = "get_thing_shadow('t', 'no')";
    String rule =
        "{\"awsIotSqlVersion\":\"2016-03-23\",\"sql\":\"SELECT %s AS x FROM 'a'\",\"actions\":[{\"note\":{\"to\":\"x/${%s}\"}}]}";
    assertRefused("r1", rule.formatted(call, "topic()"), "denied");
    assertRefused("r1", rule.formatted("1", call), "denied");
    create("r1", rule.formatted(call.replace("no", "yes"), "topic()"));
    assertThat(passed.arns).hasSize(3).allMatch(arn -> arn.endsWith(" iot.amazonaws.com"));
  }

  @Test
  void aRuleIsDegradedWhileAFunctionIsAwayAndNoneIsMadeThen() throws Exception {
    Twice twice = new Twice();
    rules.bindFunctionSet(twice);
    String rule = caller();
    create("r1", rule);
    publish("a", "{}");
    Awaitility.await().until(() -> notes.taken.size() == 1);
    rules.unbindFunctionSet(twice);
    Awaitility.await().until(() -> rules.health().state() == HealthCheck.State.DEGRADED);
    assertThat(rules.health().message()).contains("r1", "function get_thing_shadow needs a bundle");
    assertRefused("r2", rule, "function get_thing_shadow needs a bundle that provides it");
    rules.bindFunctionSet(twice);
    Awaitility.await().until(() -> rules.health().state() == HealthCheck.State.UP);
    publish("a", "{}");
    Awaitility.await().until(() -> notes.taken.size() == 2);
    assertThat(notes.taken).containsOnly("x={\"x\":2}");
  }

  @Test
  void rulesWithoutFunctionsOfOthersGoOnUndisturbedWhenOneComesOrGoes() throws Exception {
    Twice twice = new Twice();
    create("plain", RULE.formatted(""));
    rules.bindFunctionSet(twice);
    create("caller", caller());
    assertThat(notes.made.get()).isEqualTo(2);
    rules.unbindFunctionSet(twice);
    Awaitility.await().until(() -> rules.health().state() == HealthCheck.State.DEGRADED);
    rules.bindFunctionSet(twice);
    Awaitility.await().until(() -> rules.health().state() == HealthCheck.State.UP);
    assertThat(notes.made.get()).as("the caller alone was made again").isEqualTo(3);
  }

  /** A function that is always 2. */
  private static final class Twice implements FunctionSet {
    @Override
    public List<FunctionSignature> functions() {
      return List.of(
          FunctionSignature.of("get_thing_shadow", 2, 3)
              .withRole(FunctionSignature.Role.LAST)
              .onlySince2016());
    }

    @Override
    public CompletionStage<byte[]> call(Account account, String name, List<byte[]> arguments) {
      return CompletableFuture.completedFuture("2".getBytes(UTF_8));
    }
  }
}
