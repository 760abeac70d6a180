package dev.gatehouse.registry;

import static dev.gatehouse.registry.House.ACCOUNT;
import static dev.gatehouse.registry.House.ONE;
import static dev.gatehouse.registry.House.TWO;
import static dev.gatehouse.registry.House.principal;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ErrorCode;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PrincipalOperationsTest {
  private final House house = new House();

  @BeforeEach
  void createThings() {
    house.thing("CreateThing", "bulb", "");
    house.thing("CreateThing", "lamp", "");
  }

  private void attach(String thing, String arn) {
    house.call("AttachThingPrincipal", principal(thing, arn));
  }

  @Test
  void anAttachedPrincipalIsListedFromBothSides() {
    attach("bulb", ONE);
    attach("bulb", ONE);
    attach("bulb", TWO);
    attach("lamp", ONE);
    assertThat(house.call("ListThingPrincipals", principal("bulb", "")).get("principals"))
        .map(JsonNode::asText)
        .containsExactly(ONE, TWO);
    assertThat(house.call("ListPrincipalThings", principal("", ONE)).get("things"))
        .map(JsonNode::asText)
        .containsExactly("bulb", "lamp");
    assertThat(house.registry.thingsOf(ACCOUNT, ONE)).containsExactlyInAnyOrder("bulb", "lamp");
  }

  @Test
  void aDetachedPrincipalIsGoneFromBothSides() {
    attach("bulb", ONE);
    house.call("DetachThingPrincipal", principal("bulb", ONE));
    assertThat(house.registry.thingsOf(ACCOUNT, ONE)).isEmpty();
    assertThat(house.call("ListThingPrincipals", principal("bulb", "")).get("principals"))
        .isEmpty();
  }

  @Test
  void aThingWithPrincipalsIsNotDeletedUntilTheyAreDetached() {
    attach("bulb", ONE);
    house.refused("DeleteThing", "bulb", "", ErrorCode.INVALID_REQUEST);
    assertThat(house.registry.find(ACCOUNT, "bulb")).isPresent();
    house.call("DetachThingPrincipal", principal("bulb", ONE));
    house.thing("DeleteThing", "bulb", "");
    assertThat(house.registry.find(ACCOUNT, "bulb")).isEmpty();
  }

  @Test
  void listsOfPrincipalsComeInPages() {
    attach("bulb", ONE);
    attach("bulb", TWO);
    ObjectNode first =
        house.call(
            "ListThingPrincipals",
            House.request(ACCOUNT, Map.of("thingName", "bulb"), Map.of("maxResults", "1"), "", ""));
    assertThat(first.get("principals")).map(JsonNode::asText).containsExactly(ONE);
    Map<String, String> next =
        Map.of("maxResults", "1", "nextToken", first.get("nextToken").asText());
    ObjectNode second =
        house.call(
            "ListThingPrincipals",
            House.request(ACCOUNT, Map.of("thingName", "bulb"), next, "", ""));
    assertThat(second.get("principals")).map(JsonNode::asText).containsExactly(TWO);
    assertThat(second.has("nextToken")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arn:aws:iot:us-east-1:123456789012:cert/none",
        "arn:aws:iot:us-east-1:210987654321:cert/one",
        "arn:aws:iot:eu-west-1:123456789012:cert/one",
        "arn:aws:iot:us-east-1:123456789012:thing/one"
      })
  void aCertificateThatIsNotHereIsNotFound(String arn) {
    house.refused("AttachThingPrincipal", principal("bulb", arn), ErrorCode.RESOURCE_NOT_FOUND);
  }

  @Test
  void aMissingOrMalformedPrincipalIsRefused() {
    house.refused("AttachThingPrincipal", principal("bulb", ""), ErrorCode.INVALID_REQUEST);
    house.refused("AttachThingPrincipal", principal("bulb", "one"), ErrorCode.INVALID_REQUEST);
    house.refused("ListPrincipalThings", principal("", ""), ErrorCode.INVALID_REQUEST);
  }

  @Test
  void aThingThatIsNotThereIsNotFound() {
    for (String name :
        new String[] {"AttachThingPrincipal", "DetachThingPrincipal", "ListThingPrincipals"}) {
      house.refused(name, principal("none", ONE), ErrorCode.RESOURCE_NOT_FOUND);
    }
  }

  @Test
  void aThingThatIsBeingDeletedTakesNoPrincipalWithIt() {
    house.store.hold();
    var attached = house.start("AttachThingPrincipal", principal("bulb", ONE));
    var deleted = house.start("DeleteThing", principal("bulb", ""));
    house.store.release();
    assertThat(attached).isCompleted();
    assertThat(deleted).isCompletedExceptionally();
    assertThat(house.registry.find(ACCOUNT, "bulb")).isPresent();
  }

  @Test
  void theSecondVersionOfTheListsTellsTheTypeOfAttachment() {
    attach("bulb", ONE);
    assertThat(
            house
                .call("ListThingPrincipalsV2", principal("bulb", ""))
                .at("/thingPrincipalObjects/0/thingPrincipalType")
                .asText())
        .isEqualTo("NON_EXCLUSIVE_THING");
    assertThat(
            house
                .call("ListPrincipalThingsV2", principal("", ONE))
                .at("/principalThingObjects/0/thingName")
                .asText())
        .isEqualTo("bulb");
    Map<String, String> exclusive = Map.of("thingPrincipalType", "EXCLUSIVE_THING");
    assertThat(
            house
                .call(
                    "ListThingPrincipalsV2",
                    House.request(ACCOUNT, Map.of("thingName", "bulb"), exclusive, "", ""))
                .get("thingPrincipalObjects"))
        .isEmpty();
    house.refused(
        "AttachThingPrincipal",
        House.request(ACCOUNT, Map.of("thingName", "lamp"), exclusive, ONE, ""),
        ErrorCode.INVALID_REQUEST);
  }

  @Test
  void aThingMadeAgainHasNoneOfTheFormerOnesPrincipals() {
    house.store.hold();
    house.start("DeleteThing", principal("bulb", ""));
    var attached = house.start("AttachThingPrincipal", principal("bulb", ONE));
    house.store.release();
    house.thing("CreateThing", "bulb", "");
    assertThat(attached).isCompletedExceptionally();
    assertThat(house.registry.thingsOf(ACCOUNT, ONE)).doesNotContain("bulb");
  }
}
