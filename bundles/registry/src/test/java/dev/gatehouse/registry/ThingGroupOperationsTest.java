package dev.gatehouse.registry;

import static dev.gatehouse.registry.House.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.identity.Account;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ThingGroupOperationsTest {
  private final House house = new House();

  private void make(String name, String parent) {
    house.group(
        "CreateThingGroup",
        name,
        parent.isEmpty() ? "" : "{'parentGroupName': '%s'}".formatted(parent));
  }

  private void add(String thing, String group) {
    house.call("AddThingToThingGroup", body(thing, group));
  }

  private static String body(String thing, String group) {
    return "{'thingName': '%s', 'thingGroupName': '%s'}".formatted(thing, group);
  }

  private void refused(String operation, String name, String body, ErrorCode code) {
    house.refusedOn(operation, "thingGroupName", name, body, code);
  }

  private void refused(String operation, String body, ErrorCode code) {
    house.refused(operation, House.request(ACCOUNT, Map.of(), Map.of(), "", body), code);
  }

  private List<String> groups(Map<String, String> query) {
    return house.pages("ListThingGroups", Map.of(), query, "thingGroups", "groupName");
  }

  private List<String> things(String group, String recursive) {
    return house.pages(
        "ListThingsInThingGroup",
        Map.of("thingGroupName", group),
        Map.of("recursive", recursive),
        "things",
        "");
  }

  private List<String> groupsOf(String thing) {
    return house.pages(
        "ListThingGroupsForThing",
        Map.of("thingName", thing),
        Map.of(),
        "thingGroups",
        "groupName");
  }

  private void makeHouse() {
    make("house", "");
    make("floor1", "house");
    make("floor2", "house");
    make("kitchen", "floor1");
    make("garden", "");
  }

  @Test
  void aCreatedGroupIsDescribedWithItsPlace() {
    makeHouse();
    ObjectNode created =
        house.group(
            "CreateThingGroup",
            "shelf",
            "{'parentGroupName': 'kitchen', 'thingGroupProperties': {'thingGroupDescription': 'd',"
                + " 'attributePayload': {'attributes': {'a': '1'}}}}");
    assertThat(created.get("thingGroupArn").asText())
        .isEqualTo("arn:aws:iot:us-east-1:123456789012:thinggroup/shelf");
    ObjectNode described = house.group("DescribeThingGroup", "shelf", "");
    assertThat(described.get("thingGroupId")).isEqualTo(created.get("thingGroupId"));
    assertThat(described.get("version").asLong()).isEqualTo(1);
    assertThat(described.at("/thingGroupProperties/thingGroupDescription").asText()).isEqualTo("d");
    assertThat(described.at("/thingGroupProperties/attributePayload/attributes/a").asText())
        .isEqualTo("1");
    assertThat(described.at("/thingGroupMetadata/parentGroupName").asText()).isEqualTo("kitchen");
    assertThat(
            House.names(
                (ObjectNode) described.get("thingGroupMetadata"),
                "rootToParentThingGroups",
                "groupName"))
        .containsExactly("house", "floor1", "kitchen");
    assertThat(described.at("/thingGroupMetadata/creationDate").asDouble())
        .isEqualTo(house.clock.millis() / 1000.0);
  }

  @Test
  void creatingTheSameAgainHasTheFirstAnswerAndAnotherIsRefused() {
    makeHouse();
    assertThat(house.group("CreateThingGroup", "floor1", "{'parentGroupName': 'house'}"))
        .isEqualTo(house.group("CreateThingGroup", "floor1", "{'parentGroupName': 'house'}"));
    refused("CreateThingGroup", "floor1", "", ErrorCode.RESOURCE_ALREADY_EXISTS);
    refused("CreateThingGroup", "x", "{'parentGroupName': 'none'}", ErrorCode.RESOURCE_NOT_FOUND);
    refused("CreateThingGroup", "a b", "", ErrorCode.INVALID_REQUEST);
  }

  @Test
  void groupsAreAtMostSevenDeepBelowEachOther() {
    String parent = "";
    for (int depth = 0; depth < 7; depth++) {
      make("g" + depth, parent);
      parent = "g" + depth;
    }
    refused("CreateThingGroup", "g7", "{'parentGroupName': 'g6'}", ErrorCode.INVALID_REQUEST);
  }

  @Test
  void groupsAreListedByParentDirectlyOrAllTheWayDown() {
    makeHouse();
    assertThat(groups(Map.of())).containsExactly("floor1", "floor2", "garden", "house", "kitchen");
    assertThat(groups(Map.of("recursive", "false"))).containsExactly("garden", "house");
    assertThat(groups(Map.of("parentGroup", "house"))).containsExactly("floor1", "floor2");
    assertThat(groups(Map.of("parentGroup", "house", "recursive", "true")))
        .containsExactly("floor1", "floor2", "kitchen");
    assertThat(groups(Map.of("namePrefixFilter", "floor"))).containsExactly("floor1", "floor2");
    assertThat(
            groups(Map.of("parentGroup", "house", "recursive", "true", "namePrefixFilter", "kit")))
        .containsExactly("kitchen");
    house.refused(
        "ListThingGroups",
        House.request(ACCOUNT, Map.of(), Map.of("parentGroup", "none"), "", ""),
        ErrorCode.RESOURCE_NOT_FOUND);
  }

  @Test
  void anUpdateMergesOrReplacesAndCountsVersions() {
    makeHouse();
    String payload = "{'thingGroupProperties': {'attributePayload': {'attributes': {%s}}}%s}";
    assertThat(
            house
                .group("UpdateThingGroup", "house", payload.formatted("'a': '1'", ""))
                .get("version")
                .asLong())
        .isEqualTo(2);
    house.group(
        "UpdateThingGroup", "house", "{'thingGroupProperties': {'thingGroupDescription': 'd'}}");
    ObjectNode described = house.group("DescribeThingGroup", "house", "");
    assertThat(described.at("/thingGroupProperties/attributePayload/attributes/a").asText())
        .isEqualTo("1");
    assertThat(described.at("/thingGroupProperties/thingGroupDescription").asText()).isEqualTo("d");
    refused(
        "UpdateThingGroup",
        "house",
        payload.formatted("", ", 'expectedVersion': 1"),
        RegistryErrors.VERSION_CONFLICT);
    refused("UpdateThingGroup", "house", "{}", ErrorCode.INVALID_REQUEST);
    refused("UpdateThingGroup", "no", payload.formatted("", ""), ErrorCode.RESOURCE_NOT_FOUND);
  }

  @Test
  void thingsAreListedFromBothSidesAndFromAbove() {
    makeHouse();
    for (String thing : List.of("lamp", "oven", "door", "bell")) {
      house.thing("CreateThing", thing, "");
    }
    add("oven", "kitchen");
    add("oven", "kitchen");
    add("lamp", "floor2");
    add("door", "house");
    add("bell", "kitchen");
    add("bell", "garden");
    assertThat(things("house", "false")).containsExactly("door");
    assertThat(things("house", "true")).containsExactly("bell", "door", "lamp", "oven");
    assertThat(things("kitchen", "true")).containsExactly("bell", "oven");
    assertThat(groupsOf("bell")).containsExactly("garden", "kitchen");
    house.call("RemoveThingFromThingGroup", body("bell", "kitchen"));
    assertThat(groupsOf("bell")).containsExactly("garden");
    assertThat(things("kitchen", "false")).containsExactly("oven");
  }

  @Test
  void aThingIsInOneGroupOfAHierarchyAndInTenAtMost() {
    makeHouse();
    house.thing("CreateThing", "oven", "");
    add("oven", "kitchen");
    refused("AddThingToThingGroup", body("oven", "house"), ErrorCode.INVALID_REQUEST);
    for (int i = 0; i < 10; i++) {
      make("g" + i, "");
      if (i < 9) {
        add("oven", "g" + i);
      }
    }
    refused("AddThingToThingGroup", body("oven", "g9"), ErrorCode.INVALID_REQUEST);
    house.call(
        "UpdateThingGroupsForThing",
        "{'thingName': 'oven', 'thingGroupsToAdd': ['g9', 'house'],"
            + " 'thingGroupsToRemove': ['g8', 'kitchen']}");
    assertThat(groupsOf("oven")).hasSize(10).contains("g9", "house").doesNotContain("kitchen");
  }

  @Test
  void anUpdateOfAThingsGroupsHappensWholeOrNotAtAll() {
    makeHouse();
    house.thing("CreateThing", "oven", "");
    add("oven", "kitchen");
    refused(
        "UpdateThingGroupsForThing",
        "{'thingName': 'oven', 'thingGroupsToAdd': ['garden', 'none'],"
            + " 'thingGroupsToRemove': ['kitchen']}",
        ErrorCode.RESOURCE_NOT_FOUND);
    assertThat(groupsOf("oven")).containsExactly("kitchen");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'thingName': 'oven'}",
        "{'thingGroupName': 'house'}",
        "{'thingName': 1, 'thingGroupName': 'house'}",
        "{'thingName': 'oven', 'thingGroupName': 'house', 'thingGroupArn':"
            + " 'arn:aws:iot:us-east-1:123456789012:thinggroup/garden'}",
        "{'thingName': 'oven', 'thingGroupArn': 'arn:aws:iot:us-east-1:210987654321:thinggroup/house'}"
      })
  void whatIsNotNamedRightlyIsRefused(String body) {
    makeHouse();
    house.thing("CreateThing", "oven", "");
    refused("AddThingToThingGroup", body, ErrorCode.INVALID_REQUEST);
    assertThat(groupsOf("oven")).isEmpty();
  }

  @Test
  void arnsNameAsWellAsNames() {
    makeHouse();
    house.thing("CreateThing", "oven", "");
    house.call(
        "AddThingToThingGroup",
        "{'thingArn': 'arn:aws:iot:us-east-1:123456789012:thing/oven',"
            + " 'thingGroupArn': 'arn:aws:iot:us-east-1:123456789012:thinggroup/kitchen'}");
    assertThat(groupsOf("oven")).containsExactly("kitchen");
    List<String> wanted =
        house
            .operation("AddThingToThingGroup")
            .resources()
            .apply(House.request(ACCOUNT, Map.of(), Map.of(), "", body("oven", "kitchen")));
    assertThat(wanted)
        .containsExactly(
            "arn:aws:iot:us-east-1:123456789012:thing/oven",
            "arn:aws:iot:us-east-1:123456789012:thinggroup/kitchen");
  }

  @Test
  void aGroupWithGroupsBelowItIsNotDeleted() {
    makeHouse();
    refused("DeleteThingGroup", "floor1", "", ErrorCode.INVALID_REQUEST);
    house.group("DeleteThingGroup", "kitchen", "");
    house.group("DeleteThingGroup", "floor1", "");
    house.group("DeleteThingGroup", "floor1", "");
    assertThat(groups(Map.of("parentGroup", "house", "recursive", "true")))
        .containsExactly("floor2");
    assertThat(groups(Map.of())).containsExactly("floor2", "garden", "house");
  }

  @Test
  void aDeletedGroupLeavesNoTraceAtItsManyThings() {
    makeHouse();
    for (int i = 0; i < 1001; i++) {
      house.thing("CreateThing", "t" + i, "");
      add("t" + i, "garden");
    }
    house.group("DeleteThingGroup", "garden", "");
    assertThat(groupsOf("t500")).isEmpty();
    assertThat(house.store.table(GroupKind.THING_GROUP.thingsByGroup).size()).isZero();
    assertThat(house.store.table(GroupKind.THING_GROUP.groupsByThing).size()).isZero();
    refused("DescribeThingGroup", "garden", "", ErrorCode.RESOURCE_NOT_FOUND);
  }

  @Test
  void aThingThatJoinsWhileItsGroupIsDeletedIsNotLeftInIt() {
    makeHouse();
    house.thing("CreateThing", "oven", "");
    house.store.hold();
    var deletion =
        house.start(
            "DeleteThingGroup",
            House.request(ACCOUNT, Map.of("thingGroupName", "garden"), Map.of(), "", ""));
    var joining =
        house.start(
            "AddThingToThingGroup",
            House.request(ACCOUNT, Map.of(), Map.of(), "", body("oven", "garden")));
    house.store.release();
    assertThat(deletion).isCompleted();
    assertThat(joining).isCompletedExceptionally();
    assertThat(groupsOf("oven")).isEmpty();
  }

  @Test
  void aGroupThatIsDeletedWhileAThingJoinsTakesItAlong() {
    makeHouse();
    house.thing("CreateThing", "oven", "");
    house.store.hold();
    var joining =
        house.start(
            "AddThingToThingGroup",
            House.request(ACCOUNT, Map.of(), Map.of(), "", body("oven", "garden")));
    var deletion =
        house.start(
            "DeleteThingGroup",
            House.request(ACCOUNT, Map.of("thingGroupName", "garden"), Map.of(), "", ""));
    house.store.release();
    assertThat(joining).isCompleted();
    assertThat(deletion).isCompleted();
    assertThat(groupsOf("oven")).isEmpty();
    refused("DescribeThingGroup", "garden", "", ErrorCode.RESOURCE_NOT_FOUND);
  }

  @Test
  void aDeletedThingLeavesItsGroups() {
    makeHouse();
    house.thing("CreateThing", "oven", "");
    add("oven", "kitchen");
    house.thing("DeleteThing", "oven", "");
    assertThat(things("kitchen", "false")).isEmpty();
    house.thing("CreateThing", "oven", "");
    assertThat(groupsOf("oven")).isEmpty();
  }

  @Test
  void accountsDoNotSeeEachOthersGroups() {
    makeHouse();
    Account other = new Account("210987654321", "us-east-1");
    assertThat(
            house
                .call("ListThingGroups", House.request(other, Map.of(), Map.of(), "", ""))
                .get("thingGroups"))
        .isEmpty();
  }

  @Test
  void othersSeeInWhichGroupsAThingIsAndWhenThatChanges() {
    house.thing("CreateThing", "lamp", "");
    make("house", "");
    make("hall", "house");
    long before = house.registry.revision();
    add("lamp", "hall");
    assertThat(house.registry.revision()).isGreaterThan(before);
    assertThat(house.registry.groupsOf(ACCOUNT, "lamp")).containsExactly("hall", "house");
    assertThat(house.registry.groupPath(ACCOUNT, "hall")).containsExactly("hall", "house");
    assertThat(house.registry.groupPath(ACCOUNT, "attic")).isEmpty();
    before = house.registry.revision();
    house.group("DeleteThingGroup", "hall", "");
    assertThat(house.registry.revision()).isGreaterThan(before);
    assertThat(house.registry.groupsOf(ACCOUNT, "lamp")).isEmpty();
  }

  @Test
  void aGroupThatGoesOrComesHasNoPolicies() {
    String arn = "arn:aws:iot:us-east-1:123456789012:thinggroup/hall";
    make("hall", "");
    assertThat(house.cleared).as("left by a group of that name").containsExactly(arn);
    make("hall", "");
    assertThat(house.cleared).as("the same again changes nothing").hasSize(1);
    house.group("DeleteThingGroup", "hall", "");
    assertThat(house.cleared).containsExactly(arn, arn);
  }
}
