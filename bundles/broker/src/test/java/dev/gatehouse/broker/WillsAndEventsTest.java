package dev.gatehouse.broker;

import static dev.gatehouse.broker.House.HOUR;
import static dev.gatehouse.broker.House.QOS0;
import static dev.gatehouse.broker.House.QOS1;
import static dev.gatehouse.broker.House.done;
import static dev.gatehouse.broker.House.request;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.session.SessionEnd;
import dev.gatehouse.api.session.SessionRequest;
import dev.gatehouse.api.session.Will;
import dev.gatehouse.api.time.PassedTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WillsAndEventsTest {
  private final House house = new House();
  private final House.Client watcher = house.clean("watcher").subscribe("will", QOS1);
  private boolean allowed = true;

  @AfterEach
  void stop() {
    house.close();
  }

  @Test
  void aLostConnectionPublishesTheWillAndAGoodbyeDoesNot() {
    client(0, 0).session.close(SessionEnd.CLIENT_INITIATED, -1);
    assertThat(watcher.sink.texts()).isEmpty();
    client(0, 0).session.close(SessionEnd.CLIENT_INITIATED_WITH_WILL, -1);
    client(0, 0).session.close(SessionEnd.CONNECTION_LOST, -1);

    assertThat(watcher.sink.texts()).containsExactly("gone", "gone");
  }

  @Test
  void aWillThatIsNoLongerAllowedIsNotPublished() {
    House.Client client = client(0, 0);
    allowed = false;
    client.session.close(SessionEnd.CONNECTION_LOST, -1);

    assertThat(watcher.sink.texts()).isEmpty();
  }

  @Test
  void aDelayedWillWaitsAndComingBackCancelsIt() {
    client(HOUR, 60).session.close(SessionEnd.CONNECTION_LOST, -1);
    house.timer.advance(Duration.ofSeconds(59));
    House.Client again = client(HOUR, 60);
    house.timer.advance(Duration.ofSeconds(600));
    assertThat(watcher.sink.texts()).isEmpty();

    again.session.close(SessionEnd.CONNECTION_LOST, -1);
    house.timer.advance(Duration.ofSeconds(60));
    assertThat(watcher.sink.texts()).containsExactly("gone");
  }

  @Test
  void theEndOfTheSessionPublishesADelayedWill() {
    client(10, 60).session.close(SessionEnd.CONNECTION_LOST, -1);
    house.timer.advance(Duration.ofSeconds(10));
    assertThat(watcher.sink.texts()).containsExactly("gone");
    house.timer.advance(Duration.ofSeconds(100));
    assertThat(watcher.sink.texts()).hasSize(1);

    client(HOUR, 60).session.close(SessionEnd.CONNECTION_LOST, -1);
    house.connect(request("bulb", 0, true, 10, null));
    assertThat(watcher.sink.texts()).hasSize(2);
    client(0, 60).session.close(SessionEnd.CONNECTION_LOST, -1);
    assertThat(watcher.sink.texts()).hasSize(3);
  }

  @Test
  void takeOverPublishesAWillWithoutDelay() {
    client(HOUR, 0);
    client(HOUR, 0);

    assertThat(watcher.sink.texts()).containsExactly("gone");
  }

  @Test
  void aWillMayBeRetainedAndItsExpiryCountsFromItsPublication() {
    Will will =
        new Will(house.message("will", "gone", QOS1, true, House.expiring(10)), 0, () -> true);
    House.Client client = house.connect(request("bulb", 0, true, 10, will));
    house.clock.advance(Duration.ofSeconds(100));
    client.session.close(SessionEnd.CONNECTION_LOST, -1);

    assertThat(
            house
                .broker
                .realm(House.ACCOUNT)
                .retained
                .matching(new TopicFilter("will"), PassedTime.of(house.clock)))
        .hasSize(1);
  }

  @Test
  void comingAndGoingIsTold() throws Exception {
    watcher.subscribe("$aws/events/presence/+/+", QOS0);
    House.Client client = house.clean("bulb \"1\"");
    client.session.close(SessionEnd.KEEP_ALIVE_TIMEOUT, -1);

    assertThat(watcher.sink.delivered)
        .extracting(delivered -> delivered.message().topic().value())
        .containsExactly(
            "$aws/events/presence/connected/bulb \"1\"",
            "$aws/events/presence/disconnected/bulb \"1\"");
    JsonNode connected = json(0);
    assertThat(connected.get("clientId").asText()).isEqualTo("bulb \"1\"");
    assertThat(connected.get("eventType").asText()).isEqualTo("connected");
    assertThat(connected.get("timestamp").asLong()).isEqualTo(house.clock.millis());
    assertThat(connected.get("principalIdentifier").asText()).isEqualTo(House.DEVICE.id());
    assertThat(connected.get("sessionIdentifier").asText()).hasSize(36);
    assertThat(json(1).get("disconnectReason").asText()).isEqualTo("MQTT_KEEP_ALIVE_TIMEOUT");
    assertThat(json(1).get("sessionIdentifier")).isEqualTo(connected.get("sessionIdentifier"));
    assertThat(connected.get("ipAddress").asText()).isEqualTo("10.0.0.1");
    assertThat(json(1).get("versionNumber")).isEqualTo(connected.get("versionNumber"));
    house.clock.advance(Duration.ofDays(-1));
    house.clean("bulb \"1\"");
    assertThat(json(2).get("versionNumber").asLong())
        .isGreaterThan(connected.get("versionNumber").asLong());
  }

  @Test
  void everySessionIsToldWithAnIdOfItsOwnThatAKeptOneKeeps() throws Exception {
    watcher.subscribe("$aws/events/presence/connected/#", QOS0);
    house.clean("bulb");
    house.clean("bulb");
    house.clean("lamp");
    house.persistent("door");
    house.persistent("door");

    List<UUID> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(UUID.fromString(json(i).get("sessionIdentifier").asText()));
    }
    assertThat(ids.subList(0, 4)).doesNotHaveDuplicates();
    assertThat(ids).allMatch(id -> id.version() == 4 && id.variant() == 2);
    assertThat(ids.get(4)).isEqualTo(ids.get(3));
  }

  @Test
  void subscribingIsToldWithItsTopics() throws Exception {
    watcher.subscribe("$aws/events/subscriptions/#", QOS0);
    House.Client client = house.clean("bulb").subscribe("a/b", QOS1);
    done(client.session.unsubscribe(List.of(new TopicFilter("a/b"))));

    assertThat(json(1).get("eventType").asText()).isEqualTo("subscribed");
    assertThat(json(1).get("topics").get(0).asText()).isEqualTo("a/b");
    assertThat(json(1).get("sessionId").asText()).hasSize(36);
    assertThat(json(2).get("sessionId")).isEqualTo(json(1).get("sessionId"));
    assertThat(json(2).get("eventType").asText()).isEqualTo("unsubscribed");
  }

  @Test
  void eventsHaveTheMembersOfTheGuideAndTheReasonOfEachEnd() throws Exception {
    watcher.subscribe("$aws/events/+/+/bulb", QOS0);
    int next = 0;
    for (SessionEnd end : SessionEnd.values()) {
      House.Client client = house.clean("bulb").subscribe("a", QOS1);
      client.session.close(end, -1);
      assertThat(members(next))
          .containsExactlyInAnyOrder(
              "clientId",
              "timestamp",
              "eventType",
              "sessionIdentifier",
              "principalIdentifier",
              "ipAddress",
              "versionNumber");
      assertThat(members(next + 1))
          .containsExactlyInAnyOrder(
              "clientId", "timestamp", "eventType", "sessionId", "principalIdentifier", "topics");
      assertThat(members(next + 2))
          .containsExactlyInAnyOrder(
              "clientId",
              "timestamp",
              "eventType",
              "sessionIdentifier",
              "principalIdentifier",
              "ipAddress",
              "versionNumber",
              "clientInitiatedDisconnect",
              "disconnectReason");
      assertThat(json(next + 2).get("disconnectReason").asText()).isEqualTo(end.lifecycleReason());
      assertThat(json(next + 2).get("clientInitiatedDisconnect").asBoolean())
          .isEqualTo(end.name().startsWith("CLIENT_INITIATED"));
      next += 3;
    }
  }

  private List<String> members(int index) throws Exception {
    List<String> names = new ArrayList<>();
    json(index).fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void whoSignsIsNamedWithTheAccount() throws Exception {
    watcher.subscribe("$aws/events/presence/connected/console", QOS0);
    house.connect(
        new SessionRequest(
            House.ACCOUNT,
            "console",
            new Principal.User(House.ACCOUNT, "ann", "AIDAEXAMPLE"),
            true,
            0,
            10,
            null,
            House.address("10.0.0.3")));
    assertThat(json(0).get("principalIdentifier").asText())
        .startsWith("000000000000/")
        .contains("AIDAEXAMPLE");
  }

  /** As in the guide's example: the account, and twice the role's id with the session's name. */
  @Test
  void sessionOfARoleIsNamedTwiceBehindTheAccount() throws Exception {
    watcher.subscribe("$aws/events/presence/connected/console", QOS0);
    house.connect(
        new SessionRequest(
            House.ACCOUNT,
            "console",
            new Principal.RoleSession(House.ACCOUNT, "visitor", "AROAEXAMPLE", "some-user"),
            true,
            0,
            10,
            null,
            House.address("10.0.0.3")));
    assertThat(json(0).get("principalIdentifier").asText())
        .isEqualTo("000000000000/AROAEXAMPLE:some-user/AROAEXAMPLE:some-user");
  }

  @Test
  void idsThatAreNoTopicLevelAreNotTold() {
    watcher.subscribe("$aws/events/#", QOS0);
    int before = watcher.sink.delivered.size();
    house.clean("a+b");
    house.clean("a#b");

    assertThat(watcher.sink.delivered).hasSize(before);
  }

  private House.Client client(long expirySeconds, long delaySeconds) {
    Will will = new Will(house.message("will", "gone", QOS1), delaySeconds, () -> allowed);
    return house.connect(request("bulb", expirySeconds, expirySeconds == 0, 10, will));
  }

  private JsonNode json(int index) throws Exception {
    return new ObjectMapper().readTree(watcher.sink.texts().get(index));
  }
}
