package dev.gatehouse.shadow;

import static dev.gatehouse.shadow.Fixtures.bytes;
import static dev.gatehouse.shadow.Fixtures.json;
import static dev.gatehouse.shadow.House.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.rules.function.FunctionSignature;
import dev.gatehouse.api.shadow.ShadowName;
import dev.gatehouse.testkit.OneRole;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ShadowFunctionsTest {
  private static final OneRole READER = // of all but x1 and secrets
      new OneRole(
          "arn:aws:iam::123456789012:role/reader",
          (action, resource) ->
              action.equals("iot:GetThingShadow")
                  && !resource.endsWith(":thing/x1")
                  && !resource.endsWith("/secret"));
  private static final String ROLE = "\"" + READER.arn() + "\"";

  private final House house = new House();
  private final ShadowFunctions functions = new ShadowFunctions(house.shadows, READER);

  @BeforeEach
  void furnish() {
    functions.addRoles(READER);
  }

  private CompletableFuture<byte @Nullable []> call(
      Account account, @Nullable String... arguments) {
    List<byte @Nullable []> encoded = new ArrayList<>();
    for (String argument : arguments) {
      encoded.add(argument == null ? null : argument.getBytes(StandardCharsets.UTF_8));
    }
    return functions.call(account, "get_thing_shadow", encoded).toCompletableFuture();
  }

  private void fails(String problem, @Nullable String... arguments) {
    assertThat(call(ACCOUNT, arguments))
        .failsWithin(java.time.Duration.ZERO)
        .withThrowableOfType(java.util.concurrent.ExecutionException.class)
        .withMessageContaining(problem);
  }

  @Test
  void theWholeDocumentOfAThingIsRead() {
    house.update("{'state': {'reported': {'a': 1}}}");
    assertThat(Fixtures.tree(call(ACCOUNT, "\"bulb\"", ROLE).join()).at("/state/reported"))
        .isEqualTo(json("{'a': 1}"));
  }

  @Test
  void aNamedShadowIsReadByItsName() {
    house.shadows.update(
        new ShadowName(ACCOUNT, "bulb", "night"), bytes("{'state': {'reported': {'b': 2}}}"));
    assertThat(
            Fixtures.tree(call(ACCOUNT, "\"bulb\"", "\"night\"", ROLE).join())
                .at("/state/reported"))
        .isEqualTo(json("{'b': 2}"));
    fails("No shadow exists with name: 'bulb'", "\"bulb\"", ROLE);
  }

  @Test
  void theRoleNeedsTheRightToReadTheShadow() {
    fails(
        "may not do iot:GetThingShadow on arn:aws:iot:us-east-1:123456789012:thing/x1",
        "\"x1\"",
        ROLE);
    fails("thing/bulb/secret", "\"bulb\"", "\"secret\"", ROLE);
    fails("there is no role", "\"bulb\"", "\"arn:aws:iam::123456789012:role/gone\"");
    ShadowFunctions lonely = new ShadowFunctions(house.shadows, READER);
    assertThat(
            lonely.call(
                ACCOUNT,
                "get_thing_shadow",
                List.of(
                    "\"bulb\"".getBytes(StandardCharsets.UTF_8),
                    ROLE.getBytes(StandardCharsets.UTF_8))))
        .failsWithin(java.time.Duration.ZERO)
        .withThrowableOfType(java.util.concurrent.ExecutionException.class)
        .withMessageContaining("roles cannot be looked up");
  }

  @Test
  void anotherAccountsShadowIsNotFound() {
    house.update("{'state': {'reported': {'a': 1}}}");
    assertThat(call(new Account("999999999999", "us-east-1"), "\"bulb\"", ROLE))
        .isCompletedExceptionally();
  }

  @Test
  void argumentsThatCanNotBeFailTheRuleWithAReason() {
    assertThat(functions.functions())
        .containsExactly(
            new FunctionSignature(
                "get_thing_shadow", 2, 3, FunctionSignature.Role.LAST, false, true));
    fails("every argument must be a string", null, ROLE);
    fails("every argument must be a string", "7", ROLE);
    fails("every argument must be a string", "\"bulb\"", null);
    fails("thing name 'a/b'", "\"a/b\"", ROLE);
  }
}
