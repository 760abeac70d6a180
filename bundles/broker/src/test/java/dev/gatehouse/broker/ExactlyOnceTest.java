package dev.gatehouse.broker;

import static dev.gatehouse.broker.House.HOUR;
import static dev.gatehouse.broker.House.QOS0;
import static dev.gatehouse.broker.House.QOS1;
import static dev.gatehouse.broker.House.QOS2;
import static dev.gatehouse.broker.House.done;
import static dev.gatehouse.broker.House.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.message.PublishOutcome;
import dev.gatehouse.api.session.SessionEnd;
import dev.gatehouse.api.session.SessionOpening;
import dev.gatehouse.api.session.SessionSink.Delivery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExactlyOnceTest {
  private final House house = new House();

  @AfterEach
  void stop() {
    house.close();
  }

  @Test
  void aMessageGoesThroughItsFourSteps() {
    for (House.Client to : List.of(house.clean("c"), house.persistent("p"))) {
      to.subscribe("a", QOS2);
      house.publish("a", "x", QOS2);
      assertThat(to.sink.delivered).extracting(RecordingSink.Delivered::qos).containsExactly(QOS2);
      int id = to.sink.packetIds().get(0);
      assertThat(to.session.received(id, true)).isTrue();
      assertThat(to.sink.released).containsExactly(id);
      to.session.complete(id);
      house.timer.advance(Duration.ofSeconds(1));
      assertThat(to.session.received(id, true)).as("after PUBCOMP").isFalse();
      to.session.close(SessionEnd.CLIENT_INITIATED, 0);
    }
    assertThat(rows()).isZero();
  }

  @Test
  void nothingIsPublishedTwiceUntilItsIdIsReleased() {
    House.Client to = house.clean("to").subscribe("a", QOS2);
    for (House.Client from : List.of(house.clean("c"), house.persistent("p"))) {
      to.sink.delivered.clear();
      assertThat(from.publishOnce(7, "a", "1")).isEqualTo(PublishOutcome.DELIVERED);
      assertThat(from.publishOnce(7, "a", "1")).isEqualTo(PublishOutcome.DELIVERED);
      assertThat(done(from.session.release(7))).isTrue();
      assertThat(done(from.session.release(7))).isFalse();
      assertThat(from.publishOnce(7, "a", "2")).isEqualTo(PublishOutcome.DELIVERED);
      assertThat(to.sink.texts()).containsExactly("1", "2");
    }
  }

  @Test
  void aPersistentPublishersIdsSurviveACrashWithWhatTheyDid() {
    house.persistent("to").subscribe("a", QOS2).session.close(SessionEnd.CONNECTION_LOST, -1);
    house.persistent("from").publishOnce(7, "a", "once");
    house.crash();
    House.Client from = house.persistent("from");
    assertThat(from.publishOnce(7, "a", "once")).isEqualTo(PublishOutcome.DELIVERED);
    assertThat(done(from.session.release(7))).isTrue();
    house.crash();

    assertThat(done(house.persistent("from").session.release(7))).isFalse();
    assertThat(house.persistent("to").sink.texts()).containsExactly("once");
  }

  @Test
  void aCleanStartForgetsTheIdsOfThePublisher() {
    House.Client to = house.clean("to").subscribe("a", QOS2);
    house.persistent("from").publishOnce(7, "a", "1");
    house.connect(request("from", HOUR, true, 10, null)).publishOnce(7, "a", "2");
    house.crash();

    assertThat(to.sink.texts()).containsExactly("1", "2");
    house.connect(request("from", HOUR, true, 10, null));
    assertThat(rows()).isZero();
  }

  @Test
  void whatCouldNotBeStoredMayComeAgain() {
    house.persistent("to").subscribe("a", QOS2);
    House.Client from = house.persistent("from");
    house.store.failWith("disk full");
    assertThat(from.publishOnce(7, "a", "x")).isEqualTo(PublishOutcome.STORE_UNAVAILABLE);
    house.store.failWith(null);
    assertThat(from.publishOnce(7, "a", "x")).isEqualTo(PublishOutcome.DELIVERED);

    house.store.failWith("disk full");
    assertThat(from.session.release(7).toCompletableFuture()).isCompletedExceptionally();
    assertThat(from.publishOnce(7, "a", "x")).as("still known").isEqualTo(PublishOutcome.DELIVERED);
    house.store.failWith(null);
    assertThat(done(from.session.release(7))).isTrue();
    assertThat(house.persistent("to").sink.texts()).containsExactly("x");
  }

  @Test
  void nothingIsSentBeforeItsEntryAndItsIdAreDurable() {
    House.Client to = house.persistent("to").subscribe("a", QOS2);
    house.store.hold();
    house.broker.publish(house.message("a", "x", QOS2));
    assertThat(to.sink.texts()).isEmpty();
    house.store.release();
    assertThat(to.sink.texts()).containsExactly("x");

    house.store.hold();
    to.session.received(to.sink.packetIds().get(0), true);
    assertThat(to.sink.released).isEmpty();
    house.store.release();
    assertThat(to.sink.released).hasSize(1);
  }

  /** What comes again comes in the order in which it came first [MQTT-4.6.0-1]. */
  @Test
  void nothingOvertakesAMessageWhoseIdIsBeingStored() {
    House.Client to = house.persistent("to").subscribe("a", QOS2).subscribe("b", QOS1);
    house.store.hold();
    house.broker.publish(house.message("a", "0", QOS2));
    house.broker.publish(house.message("a", "1", QOS1));
    house.broker.publish(house.message("b", "2", QOS1));
    house.broker.publish(house.message("a", "3", QOS2));
    house.broker.publish(house.message("b", "4", QOS1));
    house.store.releaseOnce();
    assertThat(to.sink.texts()).as("the ids are not durable").isEmpty();
    assertThat(house.store.held()).as("one commit for all ids").isEqualTo(1);
    house.store.release();
    assertThat(to.sink.texts()).containsExactly("0", "1", "2", "3", "4");
    List<Integer> ids = to.sink.packetIds();
    to.session.close(SessionEnd.CONNECTION_LOST, -1);

    House.Client again = house.persistent("to");
    assertThat(again.sink.texts()).containsExactly("0", "1", "2", "3", "4");
    assertThat(again.sink.packetIds()).isEqualTo(ids);
    assertThat(again.sink.dups()).containsOnly(true);
  }

  @Test
  void whatLinedUpBehindAMessageComesAfterItToTheNextConnectionToo() {
    House.Client to = house.persistent("to").subscribe("a", QOS2);
    house.store.hold();
    house.broker.publish(house.message("a", "0", QOS2));
    house.broker.publish(house.message("a", "1", QOS1));
    house.store.releaseOnce();
    to.session.close(SessionEnd.CONNECTION_LOST, -1);
    assertThat(to.sink.texts()).isEmpty();
    house.store.release();

    House.Client again = house.persistent("to");
    assertThat(again.sink.texts()).containsExactly("0", "1");
    assertThat(again.sink.dups()).as("neither was sent").containsExactly(false, false);
    again.session.acknowledge(again.sink.packetIds().get(1));
    again.session.received(again.sink.packetIds().get(0), true);
    again.session.complete(again.sink.packetIds().get(0));
    house.timer.advance(Duration.ofSeconds(1));
    assertThat(rows()).isZero();
    assertThat(house.store.queue(Keys.queue(House.ACCOUNT, "to")).size()).isZero();
  }

  @Test
  void aQos0MessageDoesNotOvertakeOthersOfItsTopic() {
    for (House.Client to :
        List.of(
            house.connect(request("clean", 0, true, 1, null)),
            house.connect(request("kept", HOUR, false, 1, null)))) {
      to.subscribe("a", QOS1).subscribe("b", QOS1);
      house.publish("a", "1", QOS1);
      house.publish("a", "2", QOS1);
      house.publish("a", "3", QOS0);
      house.publish("b", "4", QOS0);
      assertThat(to.sink.texts()).containsExactly("1", "4");
      to.sink.packetIds().stream().filter(id -> id > 0).toList().forEach(to.session::acknowledge);
      assertThat(to.sink.texts()).containsExactly("1", "4", "2", "3");
      to.session.close(SessionEnd.CLIENT_INITIATED, 0);
    }
    House.Client marking = house.persistent("marking").subscribe("a", QOS2);
    house.store.hold();
    house.broker.publish(house.message("a", "1", QOS2));
    house.broker.publish(house.message("a", "2", QOS0));
    assertThat(marking.sink.texts()).isEmpty();
    house.store.release();
    assertThat(marking.sink.texts()).containsExactly("1", "2");
  }

  /** There is no place for it between messages that are in the store only. */
  @Test
  void aQos0MessageWhoseTopicWaitsInTheStoreIsDropped() {
    House.Client to = house.connect(request("kept", HOUR, false, 1, null));
    to.subscribe("a", QOS1).subscribe("b", QOS1);
    IntStream.range(0, 30).forEach(i -> house.publish("a", "m" + i, QOS1));
    house.publish("a", "late", QOS0);
    house.publish("b", "other", QOS0);
    assertThat(to.sink.texts()).containsExactly("m0", "other");
    assertThat(house.dropped(Counters.Drop.BUSY)).isEqualTo(1);
    for (int i = 0; i < 30; i++) {
      to.session.acknowledge(to.sink.packetIds().get(to.sink.packetIds().size() - 1));
      to.session.acknowledge(to.sink.packetIds().get(0));
    }
    house.publish("a", "again", QOS0);
    assertThat(to.sink.texts()).hasSize(32).endsWith("m29", "again");
  }

  @Test
  void afterACrashTheMessageOrItsReleaseComesAgainWithItsId() {
    House.Client to = house.persistent("to").subscribe("a", QOS2);
    IntStream.range(0, 3).forEach(i -> house.publish("a", "m" + i, QOS2));
    List<Integer> ids = to.sink.packetIds();
    to.session.received(ids.get(0), true);
    to.session.received(ids.get(1), true);
    to.session.complete(ids.get(0));
    house.timer.advance(Duration.ofSeconds(1));
    house.crash();
    House.Client again = house.persistent("to");

    assertThat(again.sink.released).containsExactly(ids.get(1));
    assertThat(again.sink.texts()).containsExactly("m2");
    assertThat(again.sink.packetIds()).containsExactly(ids.get(2));
    assertThat(again.sink.dups()).containsExactly(true);
    again.session.complete(ids.get(1));
    again.session.received(ids.get(2), true);
    again.session.complete(ids.get(2));
    house.timer.advance(Duration.ofSeconds(1));
    assertThat(rows()).isZero();
    assertThat(house.store.queue(Keys.queue(House.ACCOUNT, "to")).size()).isZero();
  }

  @Test
  void afterACrashReleasesComeInTheOrderOfTheMessages() {
    House.Client to = house.persistent("to").subscribe("a", QOS2);
    IntStream.range(0, 10).forEach(i -> house.publish("a", "m" + i, QOS2));
    List<Integer> ids = to.sink.packetIds();
    ids.forEach(id -> to.session.received(id, true));
    house.crash();

    assertThat(house.persistent("to").sink.released).isEqualTo(ids).hasSize(10);
  }

  @Test
  void aReleaseThatBecomesDurableWhileTheClientComesBackIsSaidToIt() {
    House.Client to = house.persistent("to").subscribe("a", QOS2);
    house.publish("a", "m", QOS2);
    house.store.hold();
    to.session.received(1, true);
    to.session.close(SessionEnd.CONNECTION_LOST, -1);
    RecordingSink sink = new RecordingSink();
    var opening = house.broker.open(request("to", HOUR), sink);
    house.store.release();
    ((SessionOpening.Opened) done(opening)).session().start();

    assertThat(sink.released).containsExactly(1);
    assertThat(sink.texts()).isEmpty();
  }

  @Test
  void anIdIsNotUsedAgainBeforeItsRowIsGone() {
    House.Client to = house.persistent("to").subscribe("a", QOS2);
    house.publish("a", "stays", QOS2);
    Set<Integer> ids = new HashSet<>(to.sink.packetIds());
    for (int i = 1; i < InFlight.MOST; i++) {
      to.sink.delivered.clear();
      house.publish("a", "m", QOS2);
      int id = to.sink.packetIds().get(0);
      assertThat(ids.add(id)).as("id %s is new", id).isTrue();
      to.session.received(id, true);
      to.session.complete(id);
      to.sink.released.clear();
    }
    to.sink.delivered.clear();
    house.timer.advance(Duration.ofSeconds(1));
    house.publish("a", "waits", QOS2);
    assertThat(to.sink.texts()).isEmpty();

    to.session.received(1, true);
    to.session.complete(1);
    house.timer.advance(Duration.ofSeconds(1));
    assertThat(to.sink.texts()).containsExactly("waits");
  }

  @Test
  void aClientThatLeavesOneMessageUnacknowledgedForEverDoesNotFillTheStore() {
    House.Client to = house.persistent("to").subscribe("a", QOS1);
    house.publish("a", "stays", QOS1);
    for (int i = 0; i < 75_000; i++) {
      to.sink.delivered.clear();
      house.publish("a", "m", QOS1);
      to.sink.packetIds().forEach(to.session::acknowledge);
    }
    assertThat(house.store.queue(Keys.queue(House.ACCOUNT, "to")).size())
        .isBetween(500L + InFlight.MOST, 500L + InFlight.MOST + 4096);
    to.session.acknowledge(1);
    house.timer.advance(Duration.ofSeconds(1));
    assertThat(house.store.queue(Keys.queue(House.ACCOUNT, "to")).size()).isZero();
  }

  @Test
  void comingBackResendsWhatWasNotReceivedAndReleasesWhatWas() {
    House.Client to = house.connect(request("to", HOUR, false, 3, null)).subscribe("a", QOS2);
    IntStream.range(0, 5).forEach(i -> house.publish("a", "m" + i, QOS2));
    assertThat(to.sink.packetIds()).containsExactly(1, 2, 3);
    to.session.received(2, true);
    to.session.close(SessionEnd.CONNECTION_LOST, -1);
    House.Client again = house.connect(request("to", HOUR, false, 2, null));

    assertThat(again.sink.released).containsExactly(2);
    assertThat(again.sink.packetIds()).containsExactly(1, 3);
    again.session.complete(2);
    assertThat(again.sink.packetIds()).as("the window is full").containsExactly(1, 3);
    again.session.received(1, true);
    assertThat(again.sink.packetIds()).as("until PUBCOMP").containsExactly(1, 3);
    again.session.complete(1);
    assertThat(again.sink.texts()).containsExactly("m0", "m2", "m3");
  }

  @Test
  void aRefusedMessageEndsWithoutAReleaseAndFreesItsPlace() {
    House.Client to = house.connect(request("to", HOUR, false, 1, null)).subscribe("a", QOS2);
    house.publish("a", "1", QOS2);
    house.publish("a", "2", QOS2);
    assertThat(to.session.received(1, false)).isTrue();

    assertThat(to.sink.released).isEmpty();
    assertThat(to.sink.texts()).containsExactly("1", "2");
  }

  @Test
  void whatMayNoLongerBeReceivedIsReleasedIfTheClientPerhapsHasIt() {
    House.Client to = house.persistent("to").subscribe("a", QOS2);
    house.publish("a", "x", QOS2);
    to.session.close(SessionEnd.CONNECTION_LOST, -1);
    RecordingSink sink = new RecordingSink();
    sink.answer = message -> Delivery.REFUSED;
    var opening = done(house.broker.open(request("to", HOUR), sink));
    ((dev.gatehouse.api.session.SessionOpening.Opened) opening).session().start();

    assertThat(sink.released).containsExactly(1);
  }

  @Test
  void idsOfAnotherQosAreNotMixedUp() {
    House.Client to = house.persistent("to").subscribe("a", QOS2);
    house.publish("a", "1", QOS1);
    house.publish("a", "2", QOS2);
    List<Integer> ids = to.sink.packetIds();
    assertThat(to.session.received(ids.get(0), true)).isFalse();
    to.session.acknowledge(ids.get(1));
    to.session.complete(ids.get(1));

    assertThat(house.persistent("to").sink.texts()).containsExactly("1", "2");
  }

  @Test
  void aStoreThatHealsLetsItGoOn() {
    House.Client to = house.persistent("to").subscribe("a", QOS2).subscribe("b", QOS2);
    house.publish("a", "1", QOS2);
    house.store.failWith("disk full");
    to.session.received(to.sink.packetIds().get(0), true);
    assertThat(to.sink.released).isEmpty();
    house.timer.advance(Duration.ofSeconds(5));
    assertThat(to.sink.released).isEmpty();
    house.store.failWith(null);
    house.timer.advance(Duration.ofSeconds(5));

    assertThat(to.sink.released).hasSize(1);
  }

  @Test
  void retainedMessagesToAKeptSessionAreAsDurableAsOthers() {
    house.retain("a", "kept", QOS2);
    House.Client to = house.persistent("to").subscribe("a", QOS2);
    org.awaitility.Awaitility.await().until(() -> to.sink.texts().contains("kept"));
    house.crash();
    House.Client again = house.persistent("to");

    assertThat(again.sink.texts()).containsExactly("kept");
    assertThat(again.sink.delivered.get(0).retain()).isTrue();
    assertThat(again.sink.dups()).containsExactly(true);
  }

  /** A client as the standard has it, and a gateway that crashes at any of its steps. */
  @Test
  void throughCrashesAndReconnectionsEveryMessageComesOnceAndInOrder() {
    for (int seed = 0; seed < 20; seed++) {
      try (House other = new House()) {
        new Receiver(other, new Random(seed)).run();
      }
    }
  }

  private static final class Receiver {
    private static final int MESSAGES = 120;

    private final House house;
    private final Random random;
    private final List<String> taken = new ArrayList<>();
    private final Map<Integer, String> held = new HashMap<>(); // received, not released
    private House.Client client;
    private int seen; // of the present connection
    private int seenReleases;
    private int published;

    Receiver(House house, Random random) {
      this.house = house;
      this.random = random;
      client = connect().subscribe("a", QOS2);
    }

    private House.Client connect() {
      seen = 0;
      seenReleases = 0;
      return house.connect(request("to", HOUR, false, 1 + random.nextInt(8), null));
    }

    void run() {
      while (published < MESSAGES || taken.size() < MESSAGES) {
        switch (random.nextInt(10)) {
          case 0 -> crash();
          case 1 -> reconnect();
          case 2 -> house.timer.advance(Duration.ofMillis(100));
          case 3, 4, 5 -> publish();
          default -> read();
        }
      }
      assertThat(taken)
          .containsExactlyElementsOf(IntStream.range(0, MESSAGES).mapToObj(i -> "m" + i).toList());
    }

    private void crash() {
      house.crash();
      client = connect();
    }

    private void reconnect() {
      client.session.close(SessionEnd.CONNECTION_LOST, -1);
      client = connect();
    }

    private void publish() {
      if (published < MESSAGES) {
        assertThat(house.publish("a", "m" + published++, QOS2)).isEqualTo(PublishOutcome.DELIVERED);
      }
    }

    /** Takes one packet, and answers it unless the answer gets lost with its connection. */
    private void read() {
      boolean lost = random.nextInt(5) == 0;
      if (seenReleases < client.sink.released.size() && random.nextBoolean()) {
        int id = client.sink.released.get(seenReleases++);
        held.remove(id);
        if (!lost) {
          client.session.complete(id);
        }
      } else if (seen < client.sink.delivered.size()) {
        RecordingSink.Delivered next = client.sink.delivered.get(seen++);
        if (held.putIfAbsent(next.packetId(), next.text()) == null) {
          taken.add(next.text());
        } else {
          assertThat(next.text()).isEqualTo(held.get(next.packetId()));
        }
        if (!lost) {
          client.session.received(next.packetId(), true);
        }
      }
      if (lost && random.nextBoolean()) {
        crash();
      } else if (lost) {
        reconnect();
      }
    }
  }

  private long rows() {
    return house.store.table(Keys.RECEIVED).size() + house.store.table(Keys.UNDER_WAY).size();
  }
}
