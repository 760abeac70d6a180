package dev.gatehouse.shadow;

import static dev.gatehouse.shadow.Fixtures.json;
import static dev.gatehouse.shadow.House.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.Payload;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ShadowRequestsTest {
  private final House house = new House();

  @Test
  void anUpdateIsToldOnce() {
    house.ask("c", TOPIC + "update", "{'state': {'reported': {'a': 1}}, 'clientToken': 't'}");
    assertThat(house.told("update/accepted"))
        .singleElement()
        .satisfies(told -> assertThat(told.get("clientToken").asText()).isEqualTo("t"));
  }

  @Test
  void aGetIsAnsweredWithTheDocumentAndItsToken() {
    house.update("{'state': {'reported': {'a': 1}}}");
    house.ask("c", TOPIC + "get", "");
    house.ask("c", TOPIC + "get", "{'clientToken': 't'}");
    assertThat(house.told("get/accepted").get(0).at("/state/reported")).isEqualTo(json("{'a': 1}"));
    assertThat(house.told("get/accepted").get(0).has("clientToken")).isFalse();
    assertThat(house.told("get/accepted").get(1).get("clientToken").asText()).isEqualTo("t");
  }

  @Test
  void aDeletionIsToldOnceWithItsToken() {
    house.update("{'state': {'reported': {'a': 1}}}");
    house.ask("c", TOPIC + "delete", "{'clientToken': 't'}");
    assertThat(house.told("delete/accepted"))
        .containsExactly(json("{'version': 1, 'timestamp': 1000, 'clientToken': 't'}"));
  }

  @Test
  void aRefusalIsToldWithCodeTextTimeAndToken() {
    house.ask("c", TOPIC + "update", "{'clientToken': 't'}");
    house.ask("c", TOPIC + "get", "");
    house.ask("c", TOPIC + "delete", "");
    assertThat(house.told("update/rejected"))
        .containsExactly(
            json(
                "{'code': 400, 'message': 'Missing required node: state',"
                    + " 'timestamp': 1000, 'clientToken': 't'}"));
    assertThat(house.told("get/rejected").get(0).get("code").asInt()).isEqualTo(404);
    assertThat(house.told("delete/rejected").get(0).get("code").asInt()).isEqualTo(404);
  }

  @Test
  void anEleventhRequestInFlightOfOneClientIsRefusedAndOthersAreNot() {
    house.store.hold();
    for (int i = 0; i < 12; i++) {
      house.ask("busy", TOPIC + "update", "{'state': {'reported': {'k" + i + "': 1}}}");
    }
    assertThat(house.told("update/rejected"))
        .hasSize(2)
        .allMatch(told -> told.get("code").asInt() == 429);
    house.ask("calm", TOPIC + "update", "{'state': {'reported': {'calm': 1}}}");
    house.store.release();
    assertThat(house.told("update/accepted")).hasSize(11);
    house.ask("busy", TOPIC + "update", "{'state': {'reported': {'late': 1}}}");
    assertThat(house.told("update/accepted")).as("the places are free again").hasSize(12);
  }

  @Test
  void theSameClientIdInAnotherAccountHasPlacesOfItsOwn() {
    house.store.hold();
    for (int i = 0; i < 10; i++) {
      house.ask("busy", TOPIC + "update", "{'state': {}}");
    }
    Account other = new Account("123456789013", "us-east-1");
    Payload update = Payload.ofText("{\"state\":{}}");
    house.ask(other, "busy", TOPIC + "update", update);
    house.store.release();
    assertThat(house.told("update/rejected")).isEmpty();
    assertThat(house.told("update/accepted")).hasSize(11);
  }

  @Test
  void whateverIsToldOfARequestCameThroughAsManyRules() {
    int hops = 1;
    for (String[] request :
        new String[][] {
          {"update", "{'state': {'desired': {'a': 1}}}"},
          {"update", "{'state': 1}"},
          {"get", ""},
          {"delete", ""},
          {"get", ""},
          {"delete", ""}
        }) {
      Payload payload = Payload.ofText(request[1].replace('\'', '"'));
      Message message = house.request(House.ACCOUNT, "c", TOPIC + request[0], payload);
      house.shadows.onMessage(message.withHops(hops++));
    }
    assertThat(house.bus.published())
        .extracting(told -> told.topic().value().substring(TOPIC.length()) + " " + told.hops())
        .containsExactly(
            "update/accepted 1",
            "update/delta 1",
            "update/documents 1",
            "update/rejected 2",
            "get/accepted 3",
            "delete/accepted 4",
            "get/rejected 5",
            "delete/rejected 6");
  }

  @Test
  void whatIsToldOfARequestOverHttpCameThroughNoRule() {
    house.update("{'state': {'desired': {'a': 1}}}");
    assertThat(house.bus.published()).hasSize(3).allMatch(told -> told.hops() == 0);
  }

  @Test
  void aStoreThatFailsIsToldAsAnInternalFailure() {
    house.store.failWith("disk full");
    house.ask("c", TOPIC + "update", "{'state': {'reported': {'a': 1}}, 'clientToken': 't'}");
    assertThat(house.told("update/rejected").get(0).get("code").asInt()).isEqualTo(500);
    assertThat(house.told("update/accepted")).isEmpty();
  }

  @Test
  void aNamedShadowIsReachedByItsTopic() {
    house.ask("c", TOPIC + "name/config/update", "{'state': {'reported': {'a': 1}}}");
    assertThat(house.bus.textsOf(TOPIC + "name/config/update/accepted")).hasSize(1);
    assertThat(house.told("update/accepted")).isEmpty();
  }

  @Test
  void aNamedTopicWithoutANameDoesNotReachTheClassicShadow() {
    house.update("{'state': {'reported': {'a': 1}}}");
    int before = house.bus.published().size();
    house.ask("c", TOPIC + "name//update", "{'state': null}");
    house.ask("c", TOPIC + "name//delete", "");
    assertThat(house.bus.published()).hasSize(before);
    assertThat(House.now(house.shadows.get(House.BULB)))
        .isInstanceOf(dev.gatehouse.api.shadow.ShadowResult.Accepted.class);
  }

  @Test
  void aThingNameThatCanNotBeHasNoAnswer() {
    assertThat(house.ask("c", "$aws/things/b lb/shadow/get", "").toCompletableFuture())
        .isCompleted();
    assertThat(house.bus.published()).isEmpty();
  }

  @Test
  void everyRequestTopicIsClaimed() {
    List<String> filters =
        house.shadows.filters().stream().map(filter -> filter.value()).sorted().toList();
    assertThat(filters)
        .containsExactly(
            "$aws/things/+/shadow/delete",
            "$aws/things/+/shadow/get",
            "$aws/things/+/shadow/name/+/delete",
            "$aws/things/+/shadow/name/+/get",
            "$aws/things/+/shadow/name/+/update",
            "$aws/things/+/shadow/update");
  }
}
