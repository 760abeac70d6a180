package dev.gatehouse.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.error.ErrorCode;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Texts that clients look for: AWS's own, as its users report them (docs/things.md). */
class ErrorTextsTest {
  private final House house = new House();

  @Test
  void thingThatIsAttachedIsNotDeleted() {
    house.thing("CreateThing", "bulb", "");
    house.call(
        "AttachThingPrincipal",
        House.request(House.ACCOUNT, Map.of("thingName", "bulb"), Map.of(), House.ONE, ""));
    assertThat(house.refused("DeleteThing", "bulb", "", ErrorCode.INVALID_REQUEST))
        .hasMessage("Cannot delete. Thing bulb is still attached to one or more principals");
  }

  @Test
  void thingAndGroupsOfANameWithOtherPropertiesExist() {
    house.thing("CreateThing", "bulb", "");
    String red = "{'attributePayload': {'attributes': {'color': 'red'}}}";
    assertThat(house.refused("CreateThing", "bulb", red, ErrorCode.RESOURCE_ALREADY_EXISTS))
        .hasMessage("Thing bulb already exists in account with different attributes");
    house.group("CreateThingGroup", "lamps", "");
    String described = "{'thingGroupProperties': {'thingGroupDescription': 'all'}}";
    assertThat(
            house.refusedOn(
                "CreateThingGroup",
                "thingGroupName",
                "lamps",
                described,
                ErrorCode.RESOURCE_ALREADY_EXISTS))
        .hasMessage(
            "Thing Group lamps already exists in current account with different properties");
  }

  @Test
  void groupWithChildrenIsNotDeleted() {
    house.group("CreateThingGroup", "lamps", "");
    house.group("CreateThingGroup", "desk", "{'parentGroupName': 'lamps'}");
    assertThat(
            house.refusedOn(
                "DeleteThingGroup", "thingGroupName", "lamps", "", ErrorCode.INVALID_REQUEST))
        .hasMessage(
            "Cannot delete thing group : lamps when there are still child groups attached to it");
  }

  @Test
  void deprecatedTypeTakesNoNewThing() {
    house.type("CreateThingType", "Old", "");
    house.type("DeprecateThingType", "Old", "{}");
    assertThat(
            house.refused(
                "CreateThing", "bulb", "{'thingTypeName': 'Old'}", ErrorCode.INVALID_REQUEST))
        .hasMessage("Can not create new thing with deprecated thing type:Old");
  }

  @Test
  void principalsOfAThingThatIsNotThereAreNotListed() {
    assertThat(house.refused("ListThingPrincipals", "bulb", "", ErrorCode.RESOURCE_NOT_FOUND))
        .hasMessage(
            "Failed to list principals for thing bulb because the thing does not exist in your"
                + " account");
  }

  @Test
  void versionThatIsNotExpectedIsNamed() {
    house.thing("CreateThing", "bulb", "");
    assertThat(
            house.refused(
                "UpdateThing", "bulb", "{'expectedVersion': 7}", RegistryErrors.VERSION_CONFLICT))
        .hasMessageStartingWith("The version for thing bulb does not match the expected version.");
  }

  @Test
  void groupWithoutAttributesHasNoPayloadOfThem() {
    house.group("CreateThingGroup", "lamps", "");
    assertThat(house.group("DescribeThingGroup", "lamps", "").at("/thingGroupProperties"))
        .isEmpty();
  }
}
