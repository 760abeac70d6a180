package dev.gatehouse.registry;

import static dev.gatehouse.registry.House.ACCOUNT;
import static dev.gatehouse.registry.House.names;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.http.ApiResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Guide: Thing Types. */
final class ThingTypeOperationsTest {
  private static final String LIGHT =
      "{'thingTypeProperties': {'thingTypeDescription': 'light bulb type',"
          + " 'searchableAttributes': ['wattage', 'model']}}";
  private static final String BULB =
      "{'thingTypeName': 'LightBulb', 'attributePayload': {'attributes':"
          + " {'wattage': '75', 'model': '123', 'note': 'x'}}}";

  private final House house = new House();

  private void refusedType(String operation, String name, String body, ErrorCode code) {
    house.refusedOn(operation, "thingTypeName", name, body, code);
  }

  private List<String> things(Map<String, String> query) {
    return names(house.list(query), "things", "thingName");
  }

  private void deprecate(String name) {
    house.type("DeprecateThingType", name, "");
  }

  @Test
  void aCreatedTypeIsDescribedWithWhatItWasGiven() {
    ObjectNode created = house.type("CreateThingType", "LightBulb", LIGHT);
    assertThat(created.get("thingTypeArn").asText())
        .isEqualTo("arn:aws:iot:us-east-1:123456789012:thingtype/LightBulb");
    ObjectNode described = house.type("DescribeThingType", "LightBulb", "");
    assertThat(described.get("thingTypeId")).isEqualTo(created.get("thingTypeId"));
    assertThat(described.at("/thingTypeProperties/thingTypeDescription").asText())
        .isEqualTo("light bulb type");
    assertThat(names((ObjectNode) described.get("thingTypeProperties"), "searchableAttributes", ""))
        .containsExactly("wattage", "model");
    assertThat(described.at("/thingTypeMetadata/deprecated").asBoolean()).isFalse();
    assertThat(described.at("/thingTypeMetadata/creationDate").asDouble())
        .isEqualTo(house.clock.millis() / 1000.0);
    assertThat(described.get("thingTypeMetadata").has("deprecationDate")).isFalse();
  }

  @Test
  void creatingTheSameAgainHasTheFirstAnswerAndAnotherIsRefused() {
    ObjectNode first = house.type("CreateThingType", "LightBulb", LIGHT);
    assertThat(house.type("CreateThingType", "LightBulb", LIGHT)).isEqualTo(first);
    refusedType("CreateThingType", "LightBulb", "", ErrorCode.RESOURCE_ALREADY_EXISTS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'thingTypeProperties': {'searchableAttributes': ['a', 'b', 'c', 'd']}}",
        "{'thingTypeProperties': {'searchableAttributes': ['a', 'a']}}",
        "{'thingTypeProperties': {'searchableAttributes': ['a b']}}",
        "{'thingTypeProperties': {'searchableAttributes': 'a'}}",
        "{'thingTypeProperties': {'searchableAttributes': [1]}}",
        "{'thingTypeProperties': {'thingTypeDescription': 'caf\u00e9'}}",
        "{'thingTypeProperties': {'mqtt5Configuration': {}}}",
        "{'tags': [{'Key': 'aws:x', 'Value': ''}]}",
        "{'tags': {'a': 'b'}}",
        "{'tags': ['a']}"
      })
  void aTypeThatCanNotBeIsRefused(String body) {
    refusedType("CreateThingType", "t", body, ErrorCode.INVALID_REQUEST);
    refusedType("DescribeThingType", "t", "", ErrorCode.RESOURCE_NOT_FOUND);
  }

  @Test
  void aThingWithATypeHasFiftyAttributesAndOneWithoutThree() {
    house.type("CreateThingType", "LightBulb", LIGHT);
    String attributes =
        IntStream.range(0, 50).mapToObj(i -> "'a" + i + "': 'v'").collect(Collectors.joining(","));
    String payload = "'attributePayload': {'attributes': {" + attributes + "%s}}";
    String typed = "{'thingTypeName': 'LightBulb', " + payload + "}";
    house.refused(
        "CreateThing", "bulb", typed.formatted(",'one': 'more'"), ErrorCode.INVALID_REQUEST);
    house.thing("CreateThing", "bulb", typed.formatted(""));
    assertThat(house.thing("DescribeThing", "bulb", "").get("thingTypeName").asText())
        .isEqualTo("LightBulb");
    house.refused("UpdateThing", "bulb", "{'removeThingType': true}", ErrorCode.INVALID_REQUEST);
    house.thing(
        "UpdateThing",
        "bulb",
        "{'removeThingType': true, 'attributePayload': {'attributes': {'a': '1'}}}");
    assertThat(house.thing("DescribeThing", "bulb", "").has("thingTypeName")).isFalse();
  }

  @Test
  void thingsAreFoundByTypeAndByTheirSearchableAttributes() {
    house.type("CreateThingType", "LightBulb", LIGHT);
    house.type("CreateThingType", "StopLight", LIGHT);
    house.thing("CreateThing", "one", BULB);
    house.thing("CreateThing", "two", BULB);
    house.thing("CreateThing", "three", BULB.replace("LightBulb", "StopLight"));
    house.thing("CreateThing", "four", BULB.replace("'thingTypeName': 'LightBulb',", ""));
    Map<String, String> watts = Map.of("attributeName", "wattage", "attributeValue", "75");
    assertThat(things(watts)).containsExactly("four", "one", "three", "two");
    assertThat(things(Map.of("thingTypeName", "LightBulb"))).containsExactly("one", "two");
    assertThat(
            things(
                Map.of(
                    "thingTypeName", "StopLight",
                    "attributeName", "wattage",
                    "attributeValue", "7",
                    "usePrefixAttributeValue", "true")))
        .containsExactly("three");
    assertThat(things(Map.of("attributeName", "note", "attributeValue", "x")))
        .as("not searchable but in a thing without a type")
        .containsExactly("four");
    assertThat(house.list(watts).at("/things/1/thingTypeName").asText()).isEqualTo("LightBulb");
  }

  @Test
  void anotherTypeMovesAThingInAllLists() {
    house.type("CreateThingType", "LightBulb", LIGHT);
    house.type("CreateThingType", "Plain", "");
    house.thing("CreateThing", "one", BULB);
    house.thing("UpdateThing", "one", "{'thingTypeName': 'Plain'}");
    assertThat(things(Map.of("thingTypeName", "LightBulb"))).isEmpty();
    assertThat(things(Map.of("thingTypeName", "Plain"))).containsExactly("one");
    assertThat(things(Map.of("attributeName", "wattage", "attributeValue", "75"))).isEmpty();
    house.refused("UpdateThing", "one", "{'thingTypeName': 'No'}", ErrorCode.RESOURCE_NOT_FOUND);
    house.refused(
        "UpdateThing",
        "one",
        "{'thingTypeName': 'Plain', 'removeThingType': true}",
        ErrorCode.INVALID_REQUEST);
    house.thing("DeleteThing", "one", "");
    assertThat(things(Map.of("thingTypeName", "Plain"))).isEmpty();
    assertThat(house.store.table(ThingIndex.BY_TYPE_AND_ATTRIBUTE).size()).isZero();
  }

  @Test
  void aDeprecatedTypeTakesNoNewThingsAndKeepsThoseItHas() {
    house.type("CreateThingType", "LightBulb", LIGHT);
    house.thing("CreateThing", "old", BULB);
    house.thing("CreateThing", "other", "");
    house.clock.advance(Duration.ofSeconds(1));
    deprecate("LightBulb");
    house.clock.advance(Duration.ofSeconds(1));
    deprecate("LightBulb");
    ObjectNode described = house.type("DescribeThingType", "LightBulb", "");
    assertThat(described.at("/thingTypeMetadata/deprecated").asBoolean()).isTrue();
    assertThat(described.at("/thingTypeMetadata/deprecationDate").asDouble())
        .as("of the first deprecation")
        .isEqualTo(house.clock.millis() / 1000.0 - 1);
    house.refused("CreateThing", "new", BULB, ErrorCode.INVALID_REQUEST);
    house.refused(
        "UpdateThing", "other", "{'thingTypeName': 'LightBulb'}", ErrorCode.INVALID_REQUEST);
    house.thing("UpdateThing", "old", "{'thingTypeName': 'LightBulb'}");
    house.type("DeprecateThingType", "LightBulb", "{'undoDeprecate': true}");
    house.thing("CreateThing", "new", BULB);
    assertThat(things(Map.of("thingTypeName", "LightBulb"))).containsExactly("new", "old");
  }

  @Test
  void aTypeIsDeletedFiveMinutesAfterItsDeprecationAndWithoutThings() {
    house.type("CreateThingType", "LightBulb", LIGHT);
    house.thing("CreateThing", "bulb", BULB);
    refusedType("DeleteThingType", "LightBulb", "", ErrorCode.INVALID_REQUEST);
    deprecate("LightBulb");
    house.clock.advance(Duration.ofMinutes(5).minusMillis(1));
    assertThat(
            house
                .refusedOn(
                    "DeleteThingType", "thingTypeName", "LightBulb", "", ErrorCode.INVALID_REQUEST)
                .getMessage())
        .contains("five minutes");
    house.clock.advance(Duration.ofMillis(1));
    assertThat(
            house
                .refusedOn(
                    "DeleteThingType", "thingTypeName", "LightBulb", "", ErrorCode.INVALID_REQUEST)
                .getMessage())
        .contains("has things");
    house.thing("DeleteThing", "bulb", "");
    house.type("DeleteThingType", "LightBulb", "");
    refusedType("DescribeThingType", "LightBulb", "", ErrorCode.RESOURCE_NOT_FOUND);
    refusedType("DeleteThingType", "LightBulb", "", ErrorCode.RESOURCE_NOT_FOUND);
  }

  @Test
  void aThingThatIsMadeWhileItsTypeIsDeprecatedIsRefused() {
    house.type("CreateThingType", "LightBulb", LIGHT);
    house.store.hold();
    var deprecation =
        house.start(
            "DeprecateThingType",
            House.request(ACCOUNT, Map.of("thingTypeName", "LightBulb"), Map.of(), "", ""));
    CompletableFuture<ApiResponse> creation =
        house.start(
            "CreateThing", House.request(ACCOUNT, Map.of("thingName", "bulb"), Map.of(), "", BULB));
    house.store.release();
    assertThat(deprecation).isCompleted();
    assertThat(creation).isCompletedExceptionally();
    assertThat(house.registry.find(ACCOUNT, "bulb")).isEmpty();
  }

  @Test
  void anUpdateChangesTheDescriptionAndNothingThatThingsDependOn() {
    house.type("CreateThingType", "LightBulb", LIGHT);
    house.type(
        "UpdateThingType", "LightBulb", "{'thingTypeProperties': {'thingTypeDescription': 'new'}}");
    ObjectNode described = house.type("DescribeThingType", "LightBulb", "");
    assertThat(described.at("/thingTypeProperties/thingTypeDescription").asText()).isEqualTo("new");
    refusedType(
        "UpdateThingType",
        "LightBulb",
        "{'thingTypeProperties': {'searchableAttributes': ['other']}}",
        ErrorCode.INVALID_REQUEST);
    refusedType("UpdateThingType", "none", "{}", ErrorCode.RESOURCE_NOT_FOUND);
  }

  @Test
  void typesAreListedInPagesOrByName() {
    for (String name : List.of("c", "a", "b")) {
      house.type("CreateThingType", name, LIGHT);
    }
    assertThat(house.pages("ListThingTypes", Map.of(), Map.of(), "thingTypes", "thingTypeName"))
        .containsExactly("a", "b", "c");
    ObjectNode one =
        house.call(
            "ListThingTypes",
            House.request(ACCOUNT, Map.of(), Map.of("thingTypeName", "b"), "", ""));
    assertThat(names(one, "thingTypes", "thingTypeName")).containsExactly("b");
    assertThat(one.at("/thingTypes/0/thingTypeMetadata/deprecated").isBoolean()).isTrue();
    assertThat(one.at("/thingTypes/0/thingTypeProperties/searchableAttributes")).hasSize(2);
  }
}
