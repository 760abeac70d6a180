package dev.gatehouse.shadow;

import static dev.gatehouse.shadow.Fixtures.bytes;
import static dev.gatehouse.shadow.Fixtures.json;
import static dev.gatehouse.shadow.House.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.shadow.ShadowName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ShadowFunctionsTest {
  private static final String ROLE = "\"arn:aws:iam::123456789012:role/reader\"";

  private final House house = new House();
  private final ShadowFunctions functions = new ShadowFunctions(house.shadows);

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
    fails("Thing not found", "\"bulb\"", ROLE);
  }

  @Test
  void anotherAccountsShadowIsNotFound() {
    house.update("{'state': {'reported': {'a': 1}}}");
    assertThat(call(new Account("999999999999", "us-east-1"), "\"bulb\"", ROLE))
        .isCompletedExceptionally();
  }

  @Test
  void argumentsThatCanNotBeFailTheRuleWithAReason() {
    fails("not 1", "\"bulb\"");
    fails("not 4", "\"bulb\"", "\"night\"", ROLE, ROLE);
    fails("every argument must be a string", null, ROLE);
    fails("every argument must be a string", "7", ROLE);
    fails("every argument must be a string", "\"bulb\"", null);
    fails("thing name 'a/b'", "\"a/b\"", ROLE);
  }
}
