package dev.gatehouse.registry;

import static dev.gatehouse.registry.House.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.store.StoreUnavailableException;
import dev.gatehouse.json.Marker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ThingOperationsTest {
  private static final String RED = "{'attributePayload': {'attributes': {'color': 'red'}}}";
  private static final String BLUE = "{'attributePayload': {'attributes': {'color': 'blue'}}}";

  private final House house = new House();

  private static List<String> names(ObjectNode page) {
    List<String> names = new ArrayList<>();
    page.get("things").forEach(thing -> names.add(thing.get("thingName").asText()));
    return names;
  }

  private static ApiRequest query(String thing, Map<String, String> query) {
    return House.request(ACCOUNT, Map.of("thingName", thing), query, "", "");
  }

  @Test
  void aCreatedThingIsDescribedWithWhatItWasGiven() {
    ObjectNode created = house.thing("CreateThing", "bulb", RED);
    assertThat(created.get("thingName").asText()).isEqualTo("bulb");
    assertThat(created.get("thingArn").asText())
        .isEqualTo("arn:aws:iot:us-east-1:123456789012:thing/bulb");
    assertThat(created.get("thingId").asText()).isNotEmpty();
    ObjectNode described = house.thing("DescribeThing", "bulb", "");
    assertThat(described.get("defaultClientId").asText()).isEqualTo("bulb");
    assertThat(described.at("/attributes/color").asText()).isEqualTo("red");
    assertThat(described.get("version").asLong()).isEqualTo(1);
    assertThat(described.get("thingId")).isEqualTo(created.get("thingId"));
  }

  @Test
  void creatingTheSameAgainHasTheFirstAnswer() {
    ObjectNode first = house.thing("CreateThing", "bulb", RED);
    assertThat(house.thing("CreateThing", "bulb", RED)).isEqualTo(first);
    assertThat(house.registry.metrics().get(0).value()).isEqualTo(1);
  }

  @Test
  void creatingItWithOtherAttributesIsRefusedAndChangesNothing() {
    house.thing("CreateThing", "bulb", RED);
    assertThat(
            house.refused("CreateThing", "bulb", BLUE, ErrorCode.RESOURCE_ALREADY_EXISTS).members())
        .containsEntry("resourceArn", "arn:aws:iot:us-east-1:123456789012:thing/bulb");
    assertThat(house.thing("DescribeThing", "bulb", "").at("/attributes/color").asText())
        .isEqualTo("red");
    assertThat(names(house.list(Map.of("attributeName", "color", "attributeValue", "blue"))))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a/b", "a\0b", "é", "+", "#"})
  void aNameOfOtherCharactersIsRefused(String name) {
    house.refused("CreateThing", name, "", ErrorCode.INVALID_REQUEST);
  }

  @Test
  void aNameHasAtMostOneHundredAndTwentyEightCharacters() {
    house.refused("CreateThing", "x".repeat(129), "", ErrorCode.INVALID_REQUEST);
    assertThat(house.thing("CreateThing", "x".repeat(128), "").has("thingId")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[]",
        "{'attributePayload': 1}",
        "{'attributePayload': {'attributes': []}}",
        "{'attributePayload': {'attributes': {'a': 1}}}",
        "{'attributePayload': {'attributes': {'a b': 'x'}}}",
        "{'attributePayload': {'attributes': {'a': 'x y'}}}",
        "{'attributePayload': {'attributes': {'a': '1', 'b': '2', 'c': '3', 'd': '4'}}}"
      })
  void attributesThatCanNotBeAreRefused(String body) {
    house.refused("CreateThing", "bulb", body, ErrorCode.INVALID_REQUEST);
    assertThat(house.registry.find(ACCOUNT, "bulb")).isEmpty();
  }

  @Test
  void anAttributeValueHasAtMostEightHundredCharacters() {
    String body = "{'attributePayload': {'attributes': {'a': '%s'}}}";
    house.refused(
        "CreateThing", "bulb", body.formatted("v".repeat(801)), ErrorCode.INVALID_REQUEST);
    house.thing("CreateThing", "bulb", body.formatted("v".repeat(800)));
    assertThat(house.registry.find(ACCOUNT, "bulb")).isPresent();
  }

  @Test
  void theMembersThatWeDoNotKnowAreIgnored() {
    house.thing("CreateThing", "bulb", "{'future': {'deep': [1, null]}, 'thingTypeName': null}");
    assertThat(house.registry.find(ACCOUNT, "bulb")).isPresent();
  }

  @Test
  void anUpdateReplacesAllAttributesUnlessItMerges() {
    house.thing("CreateThing", "bulb", RED);
    house.thing(
        "UpdateThing", "bulb", "{'attributePayload': {'attributes': {'a': '1'}, 'merge': true}}");
    assertThat(house.registry.find(ACCOUNT, "bulb").orElseThrow().attributes())
        .isEqualTo(Map.of("color", "red", "a", "1"));
    house.thing("UpdateThing", "bulb", "{'attributePayload': {'attributes': {'b': '2'}}}");
    assertThat(house.registry.find(ACCOUNT, "bulb").orElseThrow().attributes())
        .isEqualTo(Map.of("b", "2"));
    assertThat(house.registry.find(ACCOUNT, "bulb").orElseThrow().version()).isEqualTo(3);
  }

  @Test
  void anEmptyValueRemovesAnAttribute() {
    house.thing("CreateThing", "bulb", RED);
    house.thing(
        "UpdateThing",
        "bulb",
        "{'attributePayload': {'attributes': {'color': ''}, 'merge': true}}");
    assertThat(house.registry.find(ACCOUNT, "bulb").orElseThrow().attributes()).isEmpty();
  }

  @Test
  void anUpdateForAnotherVersionIsRefused() {
    house.thing("CreateThing", "bulb", RED);
    house.refused("UpdateThing", "bulb", "{'expectedVersion': 2}", RegistryErrors.VERSION_CONFLICT);
    house.thing("UpdateThing", "bulb", "{'expectedVersion': 1}");
    assertThat(house.registry.find(ACCOUNT, "bulb").orElseThrow().version()).isEqualTo(2);
    assertThat(house.registry.find(ACCOUNT, "bulb").orElseThrow().attributes())
        .isEqualTo(Map.of("color", "red"));
  }

  private CompletableFuture<ApiResponse> update(String body) {
    return house.start(
        "UpdateThing", House.request(ACCOUNT, Map.of("thingName", "bulb"), Map.of(), "", body));
  }

  @Test
  void ofTwoUpdatesAtOnceTheSecondSeesWhatTheFirstHasDone() {
    house.thing("CreateThing", "bulb", RED);
    house.store.hold();
    CompletableFuture<ApiResponse> first =
        update("{'attributePayload': {'attributes': {'a': '1'}, 'merge': true}}");
    CompletableFuture<ApiResponse> second =
        update("{'attributePayload': {'attributes': {'b': '2', 'color': ''}, 'merge': true}}");
    assertThat(first).as("before it is durable").isNotDone();
    house.store.release();
    assertThat(first).isCompleted();
    assertThat(second).isCompleted();
    assertThat(house.registry.find(ACCOUNT, "bulb").orElseThrow().attributes())
        .isEqualTo(Map.of("a", "1", "b", "2"));
    assertThat(names(house.list(Map.of("attributeName", "a", "attributeValue", "1"))))
        .containsExactly("bulb");
    assertThat(names(house.list(Map.of("attributeName", "color", "attributeValue", "red"))))
        .isEmpty();
  }

  @Test
  void ofTwoUpdatesOfOneVersionTheSecondIsRefused() {
    house.thing("CreateThing", "bulb", "");
    house.store.hold();
    CompletableFuture<ApiResponse> first = update("{'expectedVersion': 1}");
    CompletableFuture<ApiResponse> second = update("{'expectedVersion': 1}");
    house.store.release();
    assertThat(first).isCompleted();
    assertThat(second).isCompletedExceptionally();
    assertThat(house.registry.find(ACCOUNT, "bulb").orElseThrow().version()).isEqualTo(2);
  }

  @Test
  void aThingThatIsNotThereIsNotFound() {
    house.refused("DescribeThing", "bulb", "", ErrorCode.RESOURCE_NOT_FOUND);
    house.refused("UpdateThing", "bulb", "{}", ErrorCode.RESOURCE_NOT_FOUND);
  }

  @Test
  void aThingIsDeletedWithItsAttributesAndDeletingItTwiceIsNoError() {
    house.thing("CreateThing", "bulb", RED);
    house.thing("DeleteThing", "bulb", "");
    house.thing("DeleteThing", "bulb", "");
    assertThat(house.registry.find(ACCOUNT, "bulb")).isEmpty();
    assertThat(names(house.list(Map.of("attributeName", "color", "attributeValue", "red"))))
        .isEmpty();
    assertThat(house.store.table(ThingIndex.BY_ATTRIBUTE).size()).isZero();
  }

  @Test
  void aDeletionForAnotherVersionIsRefused() {
    house.thing("CreateThing", "bulb", RED);
    house.refused(
        "DeleteThing",
        query("bulb", Map.of("expectedVersion", "9")),
        RegistryErrors.VERSION_CONFLICT);
    house.refused(
        "DeleteThing", query("bulb", Map.of("expectedVersion", "x")), ErrorCode.INVALID_REQUEST);
    house.call("DeleteThing", query("bulb", Map.of("expectedVersion", "1")));
    assertThat(house.registry.find(ACCOUNT, "bulb")).isEmpty();
  }

  @Test
  void aListComesInPagesInTheOrderOfNames() {
    for (String name : List.of("e", "a", "d", "b", "c", "bb")) {
      house.thing("CreateThing", name, RED);
    }
    for (Map<String, String> filter :
        List.of(
            Map.<String, String>of(), Map.of("attributeName", "color", "attributeValue", "red"))) {
      List<String> seen = new ArrayList<>();
      Map<String, String> query = new java.util.HashMap<>(filter);
      query.put("maxResults", "2");
      for (int pages = 0; pages < 3; pages++) {
        ObjectNode page = house.list(query);
        assertThat(names(page)).hasSize(2);
        seen.addAll(names(page));
        assertThat(page.has("nextToken")).isEqualTo(pages < 2);
        query.put("nextToken", page.path("nextToken").asText());
      }
      assertThat(seen).containsExactly("a", "b", "bb", "c", "d", "e");
    }
  }

  @Test
  void aListByAttributeHasOnlyThingsWithExactlyThatValue() {
    house.thing("CreateThing", "one", RED);
    house.thing("CreateThing", "two", BLUE);
    house.thing(
        "CreateThing", "three", "{'attributePayload': {'attributes': {'color': 'reddish'}}}");
    assertThat(names(house.list(Map.of("attributeName", "color", "attributeValue", "red"))))
        .containsExactly("one");
    house.thing("UpdateThing", "one", BLUE);
    assertThat(names(house.list(Map.of("attributeName", "color", "attributeValue", "blue"))))
        .containsExactly("one", "two");
  }

  @Test
  void aListByTheBeginningOfAValueComesInTheOrderOfValues() {
    for (String value : List.of("v10", "v2", "v1", "w1", "v100", "v")) {
      house.thing(
          "CreateThing",
          "thing-" + value,
          "{'attributePayload': {'attributes': {'firmware': '%s', 'x': 'v1'}}}".formatted(value));
    }
    Map<String, String> query =
        Map.of(
            "attributeName", "firmware",
            "attributeValue", "v1",
            "usePrefixAttributeValue", "true");
    assertThat(house.pages("ListThings", Map.of(), query, "things", "thingName"))
        .containsExactly("thing-v1", "thing-v10", "thing-v100");
    Map<String, String> exact = Map.of("attributeName", "firmware", "attributeValue", "v1");
    assertThat(house.pages("ListThings", Map.of(), exact, "things", "thingName"))
        .containsExactly("thing-v1");
  }

  @Test
  void aListWithBadParametersIsRefused() {
    for (Map<String, String> query :
        List.of(
            Map.of("maxResults", "0"),
            Map.of("maxResults", "251"),
            Map.of("maxResults", "x"),
            Map.of("nextToken", "%%%"),
            Map.of("attributeName", "color"),
            Map.of("usePrefixAttributeValue", "true"),
            Map.of("usePrefixAttributeValue", "yes"),
            Map.of("attributeValue", "red"))) {
      house.refused("ListThings", query("x", query), ErrorCode.INVALID_REQUEST);
    }
  }

  @Test
  void aForeignTokenShowsNothingOfOthers() {
    house.thing("CreateThing", "bulb", RED);
    ApiRequest all = House.request(ACCOUNT, Map.of(), Map.of(), "", "");
    String beyond = Marker.of("things", all).encode("\uffff");
    assertThat(names(house.list(Map.of("nextToken", beyond)))).isEmpty();
  }

  @Test
  void aTokenOfAnotherListOrFilterIsRefused() {
    for (String name : List.of("a", "b", "c")) {
      house.thing("CreateThing", name, RED);
    }
    ObjectNode page =
        house.list(Map.of("maxResults", "1", "attributeName", "color", "attributeValue", "red"));
    String token = page.get("nextToken").asText();
    assertThat(
            names(
                house.list(
                    Map.of("nextToken", token, "attributeName", "color", "attributeValue", "red"))))
        .containsExactly("b", "c");
    Map<String, String> other = Map.of("nextToken", token);
    house.refused(
        "ListThings", House.request(ACCOUNT, Map.of(), other, "", ""), ErrorCode.INVALID_REQUEST);
    house.refused(
        "ListThingTypes",
        House.request(ACCOUNT, Map.of(), other, "", ""),
        ErrorCode.INVALID_REQUEST);
  }

  @Test
  void accountsDoNotSeeEachOthersThings() {
    house.thing("CreateThing", "bulb", RED);
    Account other = new Account("210987654321", "us-east-1");
    house.refused(
        "DescribeThing",
        House.request(other, Map.of("thingName", "bulb"), Map.of(), "", ""),
        ErrorCode.RESOURCE_NOT_FOUND);
    assertThat(names(house.call("ListThings", House.request(other, Map.of(), Map.of(), "", ""))))
        .isEmpty();
  }

  @Test
  void aStoreThatFailsFailsTheCallAndChangesNothing() {
    house.store.failWith("disk full");
    assertThat(
            house.start(
                "CreateThing",
                House.request(ACCOUNT, Map.of("thingName", "bulb"), Map.of(), "", RED)))
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withRootCauseInstanceOf(StoreUnavailableException.class);
    assertThat(house.registry.find(ACCOUNT, "bulb")).isEmpty();
  }

  @Test
  void everyOperationIsAuthorisedOnItsThing() {
    ApiRequest request = query("bulb", Map.of());
    assertThat(house.operation("CreateThing").resources().apply(request))
        .containsExactly("arn:aws:iot:us-east-1:123456789012:thing/bulb");
    assertThat(house.registry.operations())
        .allMatch(operation -> operation.action().equals("iot:" + operation.name()));
  }

  /** Fifty attributes of 900 bytes each, as a thing with a type may have. */
  @Test
  void pageOfLargeThingsEndsAtAMegabyteAndGoesOn() {
    house.type("CreateThingType", "Large", "");
    StringBuilder attributes = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      attributes.append(i == 0 ? "'a" : ",'a").append(i).append("':'").append("x".repeat(800));
      attributes.append('\'');
    }
    String body =
        "{'thingTypeName':'Large','attributePayload':{'attributes':{" + attributes + "}}}";
    for (int i = 0; i < 120; i++) {
      house.thing("CreateThing", "t%03d".formatted(i), body);
    }
    ObjectNode page =
        house.call(
            "ListThings",
            House.request(House.ACCOUNT, Map.of(), Map.of("maxResults", "250"), "", ""));
    assertThat(page.get("things").size()).isBetween(25, 60);
    assertThat(house.pages("ListThings", Map.of(), Map.of(), "things", "thingName")).hasSize(120);
  }
}
