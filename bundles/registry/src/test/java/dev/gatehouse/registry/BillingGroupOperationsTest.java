package dev.gatehouse.registry;

import static dev.gatehouse.registry.House.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ErrorCode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class BillingGroupOperationsTest {
  private final House house = new House();

  private static String body(String thing, String group) {
    return "{'thingName': '%s', 'billingGroupName': '%s'}".formatted(thing, group);
  }

  private List<String> things(String group) {
    return house.pages(
        "ListThingsInBillingGroup", Map.of("billingGroupName", group), Map.of(), "things", "");
  }

  private String groupOf(String thing) {
    return house.thing("DescribeThing", thing, "").path("billingGroupName").asText();
  }

  @Test
  void aGroupIsMadeDescribedChangedListedAndDeleted() {
    ObjectNode created =
        house.billing(
            "CreateBillingGroup",
            "tenant1",
            "{'billingGroupProperties': {'billingGroupDescription': 'first floor'}}");
    assertThat(created.get("billingGroupArn").asText())
        .isEqualTo("arn:aws:iot:us-east-1:123456789012:billinggroup/tenant1");
    house.billing("CreateBillingGroup", "tenant2", "");
    house.billing("CreateBillingGroup", "other", "");
    ObjectNode updated =
        house.billing(
            "UpdateBillingGroup",
            "tenant1",
            "{'expectedVersion': 1, 'billingGroupProperties': {'billingGroupDescription': 'new'}}");
    assertThat(updated.get("version").asLong()).isEqualTo(2);
    ObjectNode described = house.billing("DescribeBillingGroup", "tenant1", "");
    assertThat(described.get("billingGroupId")).isEqualTo(created.get("billingGroupId"));
    assertThat(described.get("version").asLong()).isEqualTo(2);
    assertThat(described.at("/billingGroupProperties/billingGroupDescription").asText())
        .isEqualTo("new");
    assertThat(described.at("/billingGroupMetadata/creationDate").asDouble())
        .isEqualTo(house.clock.millis() / 1000.0);
    Map<String, String> tenants = Map.of("namePrefixFilter", "tenant");
    assertThat(house.pages("ListBillingGroups", Map.of(), tenants, "billingGroups", "groupName"))
        .containsExactly("tenant1", "tenant2");
    house.refused(
        "DeleteBillingGroup",
        House.request(
            ACCOUNT, Map.of("billingGroupName", "tenant1"), Map.of("expectedVersion", "1"), "", ""),
        RegistryErrors.VERSION_CONFLICT);
    house.billing("DeleteBillingGroup", "tenant1", "");
    house.refusedOn(
        "DescribeBillingGroup", "billingGroupName", "tenant1", "", ErrorCode.RESOURCE_NOT_FOUND);
  }

  @Test
  void aThingIsInOneGroupAndJoiningAnotherLeavesTheFirst() {
    house.billing("CreateBillingGroup", "a", "");
    house.billing("CreateBillingGroup", "b", "");
    house.thing("CreateThing", "lamp", "{'billingGroupName': 'a'}");
    assertThat(groupOf("lamp")).isEqualTo("a");
    house.call("AddThingToBillingGroup", body("lamp", "b"));
    assertThat(groupOf("lamp")).isEqualTo("b");
    assertThat(things("a")).isEmpty();
    assertThat(things("b")).containsExactly("lamp");
    house.call("RemoveThingFromBillingGroup", body("lamp", "b"));
    assertThat(groupOf("lamp")).isEmpty();
  }

  @Test
  void creatingAThingAgainInAnotherGroupIsRefused() {
    house.billing("CreateBillingGroup", "a", "");
    house.thing("CreateThing", "lamp", "{'billingGroupName': 'a'}");
    house.thing("CreateThing", "lamp", "{'billingGroupName': 'a'}");
    house.refused("CreateThing", "lamp", "", ErrorCode.RESOURCE_ALREADY_EXISTS);
    house.refused(
        "CreateThing", "new", "{'billingGroupName': 'none'}", ErrorCode.RESOURCE_NOT_FOUND);
    assertThat(house.registry.find(ACCOUNT, "new")).isEmpty();
  }

  @Test
  void deletionsOnEitherSideEndTheMembership() {
    house.billing("CreateBillingGroup", "a", "");
    house.thing("CreateThing", "lamp", "{'billingGroupName': 'a'}");
    house.thing("CreateThing", "oven", "{'billingGroupName': 'a'}");
    house.thing("DeleteThing", "lamp", "");
    assertThat(things("a")).containsExactly("oven");
    house.billing("DeleteBillingGroup", "a", "");
    assertThat(groupOf("oven")).isEmpty();
  }
}
