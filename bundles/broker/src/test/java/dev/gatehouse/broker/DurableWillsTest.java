package dev.gatehouse.broker;

import static dev.gatehouse.broker.House.HOUR;
import static dev.gatehouse.broker.House.QOS1;
import static dev.gatehouse.broker.House.QOS2;
import static dev.gatehouse.broker.House.done;
import static dev.gatehouse.broker.House.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.session.SessionEnd;
import dev.gatehouse.api.session.SessionOpening;
import dev.gatehouse.api.session.Will;
import dev.gatehouse.testkit.FixedMemory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Wills of persistent sessions are session state (MQTT 5.0, 4.1): a restart keeps them. */
class DurableWillsTest {
  private final House house = new House();

  @BeforeEach
  void watch() {
    house
        .persistent("watcher")
        .subscribe("will", QOS2)
        .session
        .close(SessionEnd.CONNECTION_LOST, -1);
  }

  @AfterEach
  void stop() {
    house.close();
  }

  @Test
  void aCrashPublishesTheWillsOfConnectedClientsOnce() {
    client(HOUR, 0);
    house.crash();
    assertThat(came()).containsExactly("gone");

    house.crash();
    assertThat(came()).isEmpty();
    assertThat(rows()).isZero();
  }

  @ParameterizedTest
  @EnumSource(QoS.class)
  void willsOfEveryQosCome(QoS qos) {
    client("bulb", HOUR, 0, qos);
    house.timer.forget();
    House.Client[] watcher = new House.Client[1];
    house.willRights =
        (origin, topic, retained) -> {
          watcher[0] = house.persistent("watcher"); // is there before the will is published
          return true;
        };
    house.broker = house.newBrokerWithoutEdge();
    house.broker.publishRestoredWills(house.willRights);

    assertThat(watcher[0].sink.texts()).containsExactly("gone");
    assertThat(watcher[0].sink.delivered.get(0).qos()).isEqualTo(qos);
    assertThat(rows()).isZero();
  }

  @Test
  void aDelayBeginsWithTheStartAfterACrashAndComingBackCancelsTheWill() {
    client(HOUR, 60);
    house.crash();
    house.timer.advance(Duration.ofSeconds(59));
    assertThat(came()).isEmpty();
    house.timer.advance(Duration.ofSeconds(1));
    assertThat(came()).containsExactly("gone");

    client(HOUR, 60);
    house.crash();
    house.timer.advance(Duration.ofSeconds(59));
    client(HOUR, 60).session.close(SessionEnd.CLIENT_INITIATED, -1);
    house.timer.advance(Duration.ofSeconds(600));
    assertThat(came()).isEmpty();
    assertThat(rows()).isZero();
  }

  @Test
  void anOrderlyRestartKeepsWhatIsLeftOfADelay() {
    client(HOUR, 60).session.close(SessionEnd.CONNECTION_LOST, -1);
    house.timer.advance(Duration.ofSeconds(50));
    house.clock.advance(Duration.ofDays(-365)); // only the time that passes counts
    house.restart();
    house.timer.advance(Duration.ofSeconds(8));
    assertThat(came()).isEmpty();
    house.timer.advance(Duration.ofSeconds(3));

    assertThat(came()).containsExactly("gone");
    assertThat(rows()).isZero();
  }

  @Test
  void aSessionThatEndsBeforeTheDelayPublishesItsWill() {
    client(10, 60).session.close(SessionEnd.CONNECTION_LOST, -1);
    house.restart();
    house.timer.advance(Duration.ofSeconds(10));

    assertThat(came()).containsExactly("gone");
    assertThat(rows()).isZero();
    assertThat(house.store.table(Keys.SESSIONS).size()).as("the watcher").isEqualTo(1);
  }

  @Test
  void aWillIsPublishedThoughTheCrashComesBetweenTheEndOfItsSessionAndItsPublication() {
    client(HOUR, 60);
    house.store.hold();
    house.broker.open(request("bulb", 0, true, 10, null), new RecordingSink()); // ends the session
    house.store.crashAfter(1);
    house.crash();

    assertThat(came()).containsExactly("gone");
    assertThat(rows()).isZero();
  }

  @Test
  void theRightsOfTheMomentOfPublicationCount() {
    client(HOUR, 0);
    house.willRights = (origin, topic, retained) -> !topic.value().equals("will");
    house.crash();

    assertThat(came()).isEmpty();
    assertThat(rows()).isZero();
  }

  @Test
  void goodbyeAndReplacementDeleteTheRow() {
    client(HOUR, 0).session.close(SessionEnd.CLIENT_INITIATED, -1);
    assertThat(rows()).isZero();
    client(HOUR, 60).session.close(SessionEnd.CONNECTION_LOST, -1);
    client(HOUR, 60);
    assertThat(rows()).isEqualTo(1);
    client(HOUR, 60).session.close(SessionEnd.CLIENT_INITIATED, 0);
    assertThat(rows()).isZero();
    house.crash();

    assertThat(came()).isEmpty();
  }

  @Test
  void cleanSessionsWriteNothing() {
    client("bulb", 0, 60, QOS1);
    assertThat(rows()).isZero();
    house.crash();

    assertThat(came()).isEmpty();
  }

  @Test
  void aConnectThatIsRefusedLeavesTheWillAsItWas() {
    client(HOUR, 60).session.close(SessionEnd.CONNECTION_LOST, -1);
    house.timer.advance(Duration.ofSeconds(50));
    house.store.failWith("disk full");
    assertThat(done(house.broker.open(request("bulb", HOUR), new RecordingSink())))
        .isInstanceOf(SessionOpening.Refused.class);
    house.store.failWith(null);
    house.timer.advance(Duration.ofSeconds(9));
    assertThat(came()).isEmpty();
    house.timer.advance(Duration.ofSeconds(1));

    assertThat(came()).containsExactly("gone");
  }

  @Test
  void aWillThatCouldNotBeStoredIsPublishedWhenTheStoreHeals() {
    House.Client client = client(HOUR, 0);
    house.store.failWith("disk full");
    client.session.close(SessionEnd.CONNECTION_LOST, -1);
    house.timer.advance(Duration.ofSeconds(60));
    assertThat(rows()).isEqualTo(1);
    house.store.failWith(null);
    house.timer.advance(Duration.ofSeconds(5));

    assertThat(came()).containsExactly("gone");
    house.crash();
    assertThat(came()).isEmpty();
  }

  /** It goes with the session's row: a sync on an SD card costs more than what is written. */
  @Test
  void aWillCostsNoCommitOfItsOwn() {
    house.persistent("bulb").session.close(SessionEnd.CLIENT_INITIATED, -1);
    long begin = house.store.status().sequence();
    house.persistent("bulb").session.close(SessionEnd.CLIENT_INITIATED, -1);
    long without = house.store.status().sequence() - begin;
    client(HOUR, 60).session.close(SessionEnd.CLIENT_INITIATED, -1);

    assertThat(house.store.status().sequence() - begin).isEqualTo(2 * without);
  }

  @Test
  void theMemoryOfAWillIsCountedUntilItIsPublishedOrDiscarded() {
    for (long expiry : new long[] {0, HOUR}) {
      client(expiry, 0).session.close(SessionEnd.CLIENT_INITIATED, -1);
      client(expiry, 0).session.close(SessionEnd.CONNECTION_LOST, -1);
      client("bulb", expiry, 0, QoS.AT_MOST_ONCE).session.close(SessionEnd.CONNECTION_LOST, 0);
      client(expiry, 60).session.close(SessionEnd.CONNECTION_LOST, -1);
      client(expiry, 60).session.close(SessionEnd.CLIENT_INITIATED, 0);
      House.Client open = client(expiry, 60);
      assertThat(house.shares.wills.usedBytes()).isPositive();
      open.session.close(SessionEnd.CLIENT_INITIATED, 0);
      assertThat(house.shares.wills.usedBytes()).isZero();
    }
  }

  @Test
  void aConnectIsRefusedWhenTheWillsOfAllTakeTheirMemory() {
    try (House small = new House(House.small(), new FixedMemory(16 << 20))) {
      Will will = new Will(small.message("will", "x".repeat(60_000), QOS1), 0, () -> true);
      List<SessionOpening> openings = new ArrayList<>();
      for (int i = 0; i < 90; i++) {
        openings.add(
            done(small.broker.open(request("w" + i, 0, true, 10, will), new RecordingSink())));
      }
      assertThat(openings.get(0)).isInstanceOf(SessionOpening.Opened.class);
      assertThat(openings.get(89))
          .isInstanceOfSatisfying(
              SessionOpening.Refused.class,
              refused ->
                  assertThat(refused.reason()).isEqualTo(SessionOpening.Reason.QUOTA_EXCEEDED));
      small.clean("w89");
    }
  }

  /** What the watcher, which stays away, got since the last call. */
  private List<String> came() {
    House.Client watcher = house.persistent("watcher");
    List<String> texts = watcher.sink.texts();
    watcher
        .sink
        .packetIds()
        .forEach(
            id -> {
              watcher.session.acknowledge(id);
              watcher.session.received(id, true);
              watcher.session.complete(id);
            });
    watcher.session.close(SessionEnd.CLIENT_INITIATED, -1);
    house.timer.advance(Duration.ofMillis(100)); // trims
    return texts;
  }

  private House.Client client(long expirySeconds, long delaySeconds) {
    return client("bulb", expirySeconds, delaySeconds, QOS1);
  }

  private House.Client client(String id, long expirySeconds, long delaySeconds, QoS qos) {
    Will will = new Will(house.message("will", "gone", qos), delaySeconds, () -> true);
    return house.connect(request(id, expirySeconds, expirySeconds == 0, 10, will));
  }

  private long rows() {
    return house.store.table(Keys.WILLS).size();
  }
}
