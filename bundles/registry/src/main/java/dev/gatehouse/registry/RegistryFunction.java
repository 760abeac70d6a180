package dev.gatehouse.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.ActingRoles;
import dev.gatehouse.api.rules.function.FunctionSignature;
import dev.gatehouse.json.Json;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@code get_registry_data(api, thing, roleArn)} of rule SQL, with the rights of the role. */
final class RegistryFunction {
  static final FunctionSignature SIGNATURE =
      FunctionSignature.of("get_registry_data", 3, 3).withRole(FunctionSignature.Role.LAST);
  private static final String DESCRIBE = "DescribeThing";
  private static final String GROUPS = "ListThingGroupsForThing";

  private final ThingOperations things;
  private final MemberOperations members;
  private final ActingRoles roles;

  RegistryFunction(ThingOperations things, MemberOperations members, ActingRoles roles) {
    this.things = things;
    this.members = members;
    this.roles = roles;
  }

  @SuppressWarnings("NullAway") // it loses the nullness of array elements in class files
  CompletionStage<byte @Nullable []> call(Account account, List<byte @Nullable []> arguments) {
    try {
      return CompletableFuture.completedFuture(Json.bytes(answer(account, arguments)));
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private ObjectNode answer(Account account, List<byte @Nullable []> arguments) {
    String api = text("API", arguments.get(0));
    if (!api.equals(DESCRIBE) && !api.equals(GROUPS)) {
      throw new IllegalArgumentException(
          "the API '" + api + "' is not " + DESCRIBE + " or " + GROUPS);
    }
    String thing = Validation.name("thing", text("thing", arguments.get(1)));
    String role = text("role", arguments.get(2));
    roles.require(
        account, role, SIGNATURE.name(), "iot:" + api, account.arn("iot", "thing/" + thing));
    return api.equals(DESCRIBE)
        ? things.description(account, thing)
        : members.groupsOf(account, thing);
  }

  private static String text(String what, byte @Nullable [] argument) {
    try {
      if (argument != null && Json.parse(argument) instanceof TextNode node) {
        return node.textValue();
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the " + what + " is not JSON", e);
    }
    throw new IllegalArgumentException("the " + what + " is not a string");
  }
}
