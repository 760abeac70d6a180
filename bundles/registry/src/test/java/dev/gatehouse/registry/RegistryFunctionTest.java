package dev.gatehouse.registry;

import static dev.gatehouse.registry.House.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.rules.function.FunctionSignature;
import dev.gatehouse.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RegistryFunctionTest {
  private static final String ROLE = "\"" + House.READER.arn() + "\"";
  private static final String DESCRIBE = "\"DescribeThing\"";
  private static final String GROUPS = "\"ListThingGroupsForThing\"";

  private final House house = new House();

  @BeforeEach
  void furnish() {
    house.registry.addRoles(House.READER);
    house.thing("CreateThing", "bulb", "{'attributePayload': {'attributes': {'room': 'hall'}}}");
    house.thing("CreateThing", "xbulb", "{}");
  }

  private CompletableFuture<byte @Nullable []> call(
      Account account, @Nullable String... arguments) {
    List<byte @Nullable []> encoded = new ArrayList<>();
    for (String argument : arguments) {
      encoded.add(argument == null ? null : argument.getBytes(StandardCharsets.UTF_8));
    }
    return house.registry.call(account, "get_registry_data", encoded).toCompletableFuture();
  }

  private ObjectNode answer(String... arguments) {
    return Json.body(call(ACCOUNT, arguments).join()).tree();
  }

  private void fails(String problem, @Nullable String... arguments) {
    assertThat(call(ACCOUNT, arguments))
        .failsWithin(Duration.ZERO)
        .withThrowableOfType(ExecutionException.class)
        .withMessageContaining(problem);
  }

  @Test
  void itOffersTheFunction() {
    assertThat(house.registry.functions())
        .containsExactly(
            new FunctionSignature(
                "get_registry_data", 3, 3, FunctionSignature.Role.LAST, false, false));
  }

  @Test
  void aThingIsDescribedAsTheApiDescribesIt() {
    ObjectNode told = answer(DESCRIBE, "\"bulb\"", ROLE);
    assertThat(told.at("/attributes/room").asText()).isEqualTo("hall");
    assertThat(told).isEqualTo(house.thing("DescribeThing", "bulb", ""));
  }

  @Test
  void theGroupsOfAThingAreThoseThatTheApiLists() {
    assertThat(answer(GROUPS, "\"bulb\"", ROLE).get("thingGroups")).isEmpty();
    for (String group : List.of("g1", "g2")) {
      house.group("CreateThingGroup", group, "{}");
      house.call("AddThingToThingGroup", "{'thingName':'bulb','thingGroupName':'" + group + "'}");
    }
    ObjectNode listed =
        house.call(
            "ListThingGroupsForThing",
            House.request(ACCOUNT, Map.of("thingName", "bulb"), Map.of(), "", ""));
    assertThat(answer(GROUPS, "\"bulb\"", ROLE)).isEqualTo(listed);
    assertThat(House.names(listed, "thingGroups", "groupName")).containsExactly("g1", "g2");
  }

  @Test
  void theRoleNeedsTheRightOfTheApi() {
    fails("may not do iot:DescribeThing on arn:aws:iot:us-east-1", DESCRIBE, "\"xbulb\"", ROLE);
    fails("there is no role", DESCRIBE, "\"bulb\"", "\"arn:aws:iam::123456789012:role/gone\"");
    house.registry.removeRoles(House.READER);
    fails("roles cannot be looked up", DESCRIBE, "\"bulb\"", ROLE);
  }

  @Test
  void anotherAccountsThingIsNotFound() {
    assertThat(call(new Account("999999999999", "us-east-1"), DESCRIBE, "\"bulb\"", ROLE))
        .failsWithin(Duration.ZERO)
        .withThrowableOfType(ExecutionException.class)
        .withMessageContaining("no thing named 'bulb'");
  }

  @Test
  void whatCanNotBeAnsweredFailsTheRuleWithAReason() {
    fails("the API 'DeleteThing' is not DescribeThing or", "\"DeleteThing\"", "\"bulb\"", ROLE);
    fails("the thing is not a string", DESCRIBE, null, ROLE);
    fails("the role is not a string", DESCRIBE, "\"bulb\"", "7");
    fails("thing 'a/b' is not", DESCRIBE, "\"a/b\"", ROLE);
    fails("no thing named 'none'", GROUPS, "\"none\"", ROLE);
  }
}
