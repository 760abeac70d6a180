package dev.gatehouse.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.store.StoreUnavailableException;
import dev.gatehouse.json.Json;
import dev.gatehouse.testkit.InMemoryBus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventsTest {
  private static final String ALL =
      "{'eventConfigurations':{'THING':{'Enabled':true},'THING_TYPE':{'Enabled':true},"
          + "'THING_GROUP':{'Enabled':true},'THING_GROUP_MEMBERSHIP':{'Enabled':true},"
          + "'THING_GROUP_HIERARCHY':{'Enabled':true},'THING_TYPE_ASSOCIATION':{'Enabled':true}}}";

  private final House house = new House();
  private final InMemoryBus bus = new InMemoryBus();

  @BeforeEach
  void connect() {
    house.registry.addBus(bus);
  }

  private List<String> topics() {
    return bus.published().stream()
        .map(message -> message.topic().value().substring("$aws/events/".length()))
        .toList();
  }

  /** The last event but for its id and what is random in it. */
  private JsonNode last(String... random) {
    Message message = bus.published().get(bus.published().size() - 1);
    assertThat(message.qos()).isEqualTo(QoS.AT_LEAST_ONCE);
    ObjectNode event = Json.body(message.payload().text().getBytes()).tree();
    assertThat(event.remove("eventId").asText()).hasSize(36);
    event.remove(List.of(random));
    return event;
  }

  private static JsonNode json(String text) {
    return Json.body(text.replace('\'', '"').getBytes()).tree();
  }

  @Test
  void nobodyIsToldWhoDidNotAsk() {
    house.thing("CreateThing", "bulb", "{}");
    ObjectNode none = house.call("DescribeEventConfigurations", "");
    assertThat(none.get("eventConfigurations")).hasSize(11);
    assertThat(none.get("eventConfigurations").findValuesAsText("Enabled")).containsOnly("false");
    assertThat(none.has("creationDate")).isFalse();
    house.call("UpdateEventConfigurations", "{'eventConfigurations':{'THING':{'Enabled':true}}}");
    house.clock.advance(Duration.ofSeconds(1));
    house.call("UpdateEventConfigurations", "{'eventConfigurations':{'THING':{}}}");
    ObjectNode off = house.call("DescribeEventConfigurations", "");
    assertThat(off.get("lastModifiedDate").asDouble() - off.get("creationDate").asDouble())
        .isEqualTo(1);
    house.thing("DeleteThing", "bulb", "{}");
    assertThat(topics()).isEmpty();
  }

  @Test
  void aThingsLifeIsTold() {
    house.type("CreateThingType", "lamp", "{}");
    house.call("UpdateEventConfigurations", ALL);
    house.thing("CreateThing", "bulb", "{'attributePayload':{'attributes':{'room':'hall'}}}");
    long now = house.clock.millis();
    assertThat(last("thingId"))
        .isEqualTo(
            json(
                "{'eventType':'THING_EVENT','timestamp':%d,'operation':'CREATED','accountId':'%s',"
                        .formatted(now, House.ACCOUNT.id())
                    + "'thingName':'bulb','versionNumber':1,'thingTypeName':null,"
                    + "'attributes':{'room':'hall'}}"));
    house.thing("UpdateThing", "bulb", "{'thingTypeName':'lamp'}");
    assertThat(last("thingId"))
        .isEqualTo(
            json(
                "{'eventType':'THING_TYPE_ASSOCIATION_EVENT','timestamp':%d,'operation':'ADDED',"
                        .formatted(now)
                    + "'accountId':'123456789012','thingName':'bulb','thingTypeName':'lamp'}"));
    house.thing("UpdateThing", "bulb", "{'removeThingType':true}");
    house.thing("DeleteThing", "bulb", "{}");
    assertThat(last().get("versionNumber").asLong()).isEqualTo(3);
    assertThat(topics())
        .containsExactly(
            "thing/bulb/created",
            "thing/bulb/updated",
            "thingTypeAssociation/thing/bulb/thingType/lamp/added",
            "thing/bulb/updated",
            "thingTypeAssociation/thing/bulb/thingType/lamp/removed",
            "thing/bulb/deleted");
  }

  @Test
  void typesAreTold() {
    house.call("UpdateEventConfigurations", ALL);
    house.type(
        "CreateThingType", "lamp", "{'thingTypeProperties':{'searchableAttributes':['room']}}");
    house.type(
        "CreateThingType", "lamp", "{'thingTypeProperties':{'searchableAttributes':['room']}}");
    house.type("DeprecateThingType", "lamp", "{}");
    assertThat(last("thingTypeId"))
        .isEqualTo(
            json(
                "{'eventType':'THING_TYPE_EVENT','timestamp':%1$d,'operation':'UPDATED',"
                        .formatted(house.clock.millis())
                    + "'accountId':'123456789012','thingTypeName':'lamp','isDeprecated':true,"
                    + "'deprecationDate':%d,".formatted(house.clock.millis())
                    + "'searchableAttributes':['room'],'propagatingAttributes':[],"
                    + "'description':null}"));
    house.clock.advance(Duration.ofMinutes(6));
    house.type("DeleteThingType", "lamp", "{}");
    assertThat(topics())
        .as("the second creation changed nothing")
        .containsExactly(
            "thingType/lamp/created", "thingType/lamp/updated", "thingType/lamp/deleted");
  }

  @Test
  void aTypeDeprecatedBeforeTheClockWasSetWaitsItsFiveMinutes() {
    house.type("CreateThingType", "lamp", "{}");
    house.type("DeprecateThingType", "lamp", "{}");
    house.clock.jump(Duration.ofDays(57 * 365));
    assertThatThrownBy(() -> house.type("DeleteThingType", "lamp", "{}"))
        .hasMessageContaining("five minutes");
    house.clock.advance(Duration.ofMinutes(6));
    house.type("DeleteThingType", "lamp", "{}");
  }

  @Test
  void onAFullDiskThingsStillLeaveGroupsAndAreDeleted() {
    house.call("UpdateEventConfigurations", ALL);
    house.group("CreateThingGroup", "hall", "{}");
    house.thing("CreateThing", "bulb", "{}");
    String member = "{'thingName':'bulb','thingGroupName':'hall'}";
    house.call("AddThingToThingGroup", member);
    house.store.full(true);
    house.call("RemoveThingFromThingGroup", member);
    house.thing("DeleteThing", "bulb", "{}");
    house.group("DeleteThingGroup", "hall", "{}");
    assertThat(topics())
        .endsWith(
            "thingGroupMembership/thingGroup/hall/thing/bulb/removed",
            "thing/bulb/deleted",
            "thingGroup/hall/deleted");
    assertThatThrownBy(() -> house.thing("CreateThing", "fan", "{}"))
        .hasCauseInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void groupsTheirPlacesAndTheirThingsAreTold() {
    house.call("UpdateEventConfigurations", ALL);
    house.group("CreateThingGroup", "house", "{}");
    house.group("CreateThingGroup", "hall", "{'parentGroupName':'house'}");
    house.thing("CreateThing", "bulb", "{}");
    house.thing("CreateThing", "fan", "{}");
    String added = "{'thingName':'%s','thingGroupName':'hall'}";
    house.call("AddThingToThingGroup", added.formatted("bulb"));
    house.call("AddThingToThingGroup", added.formatted("bulb"));
    assertThat(last("groupId", "thingId", "membershipId", "timestamp"))
        .isEqualTo(
            json(
                "{'eventType':'THING_GROUP_MEMBERSHIP_EVENT','operation':'ADDED',"
                    + "'accountId':'123456789012',"
                    + "'groupArn':'arn:aws:iot:us-east-1:123456789012:thinggroup/hall',"
                    + "'thingArn':'arn:aws:iot:us-east-1:123456789012:thing/bulb'}"));
    house.call("AddThingToThingGroup", added.formatted("fan"));
    house.call("RemoveThingFromThingGroup", added.formatted("fan"));
    house.group("UpdateThingGroup", "hall", "{'thingGroupProperties':{}}");
    house.group("DeleteThingGroup", "hall", "{}");
    assertThat(last("thingGroupId", "childGroupId", "timestamp"))
        .isEqualTo(
            json(
                "{'eventType':'THING_GROUP_HIERARCHY_EVENT','operation':'REMOVED',"
                    + "'accountId':'123456789012','thingGroupName':'house',"
                    + "'childGroupName':'hall'}"));
    assertThat(topics())
        .containsExactly(
            "thingGroup/house/created",
            "thingGroup/hall/created",
            "thingGroupHierarchy/thingGroup/house/childThingGroup/hall/added",
            "thing/bulb/created",
            "thing/fan/created",
            "thingGroupMembership/thingGroup/hall/thing/bulb/added",
            "thingGroupMembership/thingGroup/hall/thing/fan/added",
            "thingGroupMembership/thingGroup/hall/thing/fan/removed",
            "thingGroup/hall/updated",
            "thingGroupMembership/thingGroup/hall/thing/bulb/removed",
            "thingGroup/hall/deleted",
            "thingGroupHierarchy/thingGroup/house/childThingGroup/hall/removed");
  }

  @Test
  void whatHappensWhileThereIsNoBrokerIsToldWhenThereIsOne() {
    house.registry.removeBus(bus);
    house.call("UpdateEventConfigurations", ALL);
    for (int i = 0; i < 250; i++) {
      house.thing("CreateThing", "t" + i, "{}");
    }
    assertThat(topics()).isEmpty();
    assertThat(house.store.table(Events.PENDING).size()).isEqualTo(250);
    house.registry.addBus(bus);
    assertThat(topics()).hasSize(250).doesNotHaveDuplicates();
    assertThat(house.store.table(Events.PENDING).size()).as("told, and done with").isZero();
    house.thing("CreateThing", "one-more", "{}");
    assertThat(topics()).hasSize(251).endsWith("thing/one-more/created");
  }

  @Test
  void aChangeThatFailsIsNotTold() {
    house.call("UpdateEventConfigurations", ALL);
    house.store.failWith("the disk is full");
    assertThat(
            house.start(
                "CreateThing",
                House.request(House.ACCOUNT, Map.of("thingName", "bulb"), Map.of(), "", "{}")))
        .isCompletedExceptionally();
    assertThat(topics()).isEmpty();
    house.store.failWith(null);
    house.thing("CreateThing", "bulb", "{}");
    assertThat(topics()).containsExactly("thing/bulb/created");
  }

  @Test
  void eachAccountAsksForItself() {
    house.call("UpdateEventConfigurations", ALL);
    Account other = new Account("210987654321", "us-east-1");
    house.call(
        "CreateThing", House.request(other, Map.of("thingName", "bulb"), Map.of(), "", "{}"));
    assertThat(topics()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{'JOB':{'Enabled':true}} | events of JOB are not served",
        "{'CERTIFICATE':{'Enabled':true}} | events of CERTIFICATE are not served",
        "{'THINGS':{'Enabled':true}} | there are no events of 'THINGS'",
        "{'THING':{'Enabled':1}} | eventConfigurations.THING is not of the form",
        "{'THING':true} | eventConfigurations.THING is not of the form",
      })
  void whatCanNotBeToldIsRefused(String configurations, String message) {
    assertThat(
            house
                .refused(
                    "UpdateEventConfigurations",
                    House.request(
                        House.ACCOUNT,
                        Map.of(),
                        Map.of(),
                        "",
                        "{'eventConfigurations':" + configurations + "}"),
                    ErrorCode.INVALID_REQUEST)
                .getMessage())
        .contains(message);
    house.call("UpdateEventConfigurations", "{'eventConfigurations':{'JOB':{'Enabled':false}}}");
  }
}
