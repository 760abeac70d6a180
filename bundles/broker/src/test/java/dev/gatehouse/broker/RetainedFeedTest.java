package dev.gatehouse.broker;

import static dev.gatehouse.broker.House.HOUR;
import static dev.gatehouse.broker.House.QOS0;
import static dev.gatehouse.broker.House.QOS1;
import static dev.gatehouse.broker.House.QOS2;
import static dev.gatehouse.broker.House.done;
import static dev.gatehouse.broker.House.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.session.SessionEnd;
import dev.gatehouse.api.session.SessionSink.Delivery;
import dev.gatehouse.api.session.SubscribeResult;
import dev.gatehouse.broker.BrokerSettings.Limit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** More retained messages than a queue holds [MQTT-3.3.1-9]. */
class RetainedFeedTest {
  private static final int COUNT = 300;
  private static final List<String> ALL =
      IntStream.range(0, COUNT).mapToObj("r/%03d"::formatted).toList();

  private final House house = new House(settings());
  private final List<String> taken = new ArrayList<>();

  /** A queue of ten messages. */
  private static BrokerSettings settings() {
    return new BrokerSettings(
        100,
        20,
        new Limit(10, 1 << 20),
        new Limit(10, 64 << 10),
        0,
        64 << 20,
        new Limit(1_000, 1 << 20),
        2,
        64,
        Duration.ofSeconds(300),
        true,
        0);
  }

  @BeforeEach
  void retain() {
    ALL.forEach(topic -> house.retain(topic, topic, QOS2));
  }

  @AfterEach
  void stop() {
    house.close();
  }

  @ParameterizedTest
  @EnumSource(QoS.class)
  void aKeptSessionGetsAllAsItsQueueDrains(QoS qos) {
    House.Client to = house.persistent("to").subscribe("r/#", qos);
    takeAll(to);

    assertThat(taken).containsExactlyElementsOf(ALL);
    assertThat(to.sink.delivered).allMatch(RecordingSink.Delivered::retain);
    assertThat(house.dropped(Counters.Drop.QUEUE_FULL)).isZero();
    assertThat(rows()).isZero();
  }

  @Test
  void throughDisconnectionsAndCrashesAllComeAndNoneTwice() {
    House.Client to = house.connect(request("to", HOUR, false, 3, null)).subscribe("r/#", QOS2);
    for (int i = 0; taken.size() < COUNT; i++) {
      take(to, Math.min(COUNT, taken.size() + 20));
      if (i % 2 == 0) {
        house.timer.advance(Duration.ofSeconds(1));
        house.crash();
      } else {
        to.session.close(SessionEnd.CONNECTION_LOST, -1);
      }
      to = house.connect(request("to", HOUR, false, 3, null));
    }
    assertThat(taken).containsExactlyElementsOf(ALL);
    await().until(() -> rows() == 0);
  }

  @Test
  void aSubscriptionWhoseFeedCannotBeStoredIsRefused() {
    House.Client to = house.persistent("to");
    house.store.hold();
    var answer = to.subscribe(List.of(House.wish("r/#", QOS1)));
    house.store.releaseOnce(); // the subscription's own row
    await().until(() -> house.store.held() == 1);
    house.store.failWith("disk full");
    house.store.release();

    assertThat(answer.orTimeout(10, TimeUnit.SECONDS).join())
        .containsExactly(SubscribeResult.STORE_UNAVAILABLE);
    house.store.failWith(null);
    to.session.close(SessionEnd.CONNECTION_LOST, 0);
  }

  @Test
  void whatIsPublishedMeanwhileHasRoomAndReplacesWhatWasRetained() {
    House.Client to = house.connect(request("to", HOUR, false, 1, null)).subscribe("r/#", QOS1);
    await().until(() -> to.sink.texts().size() == 1);
    house.retain("r/299", "new", QOS1);
    house.retain("r/298", "", QOS1);
    takeAll(to, COUNT); // all but two, and two that were published

    assertThat(taken).containsAll(ALL.subList(0, COUNT - 2)).contains("new", "");
    assertThat(taken).doesNotContain("r/299", "r/298");
    assertThat(house.dropped(Counters.Drop.QUEUE_FULL)).isZero();
  }

  @Test
  void unsubscribingEndsItAndSubscribingAgainBeginsAnew() {
    House.Client to = house.connect(request("to", HOUR, false, 1, null)).subscribe("r/#", QOS1);
    await().until(() -> to.sink.texts().size() == 1);
    assertThat(rows()).isEqualTo(1);
    done(to.session.unsubscribe(List.of(new TopicFilter("r/#"))));
    assertThat(rows()).isZero();
    to.session.close(SessionEnd.CONNECTION_LOST, 0);

    House.Client again = house.persistent("to").subscribe("r/#", QOS1);
    takeAll(again);
    assertThat(taken).containsExactlyElementsOf(ALL);
    again.session.close(SessionEnd.CONNECTION_LOST, 0);
    assertThat(rows()).isZero();
  }

  @Test
  void theEndOfTheSessionDeletesWhatIsStored() {
    House.Client to = house.connect(request("to", HOUR, false, 1, null)).subscribe("r/#", QOS1);
    await().until(() -> to.sink.texts().size() == 1);
    to.session.close(SessionEnd.CONNECTION_LOST, 0);
    assertThat(rows()).isZero();
    assertThat(house.store.queue(Keys.queue(House.ACCOUNT, "to")).size()).isZero();
  }

  /** Who does not read has few in memory, however often it subscribes. */
  @Test
  void aCleanSessionGetsAllAsItTakesThem() {
    House.Client to = house.clean("to");
    to.sink.answer = message -> Delivery.BUSY;
    for (int i = 0; i < 20; i++) {
      to.subscribe("r/#", i % 2 == 0 ? QOS0 : QOS1);
    }
    to.subscribe("r/#", QOS0);
    await().until(() -> to.sink.texts().size() == 1);
    assertThat(house.shares.messages.usedBytes()).isLessThan(128 * 1_000L);
    to.sink.answer = message -> Delivery.SENT;
    to.session.resume();
    await()
        .untilAsserted(
            () -> {
              to.sink.packetIds().forEach(id -> acknowledge(to, id));
              assertThat(to.sink.texts()).endsWith(ALL.get(COUNT - 1));
            });
    assertThat(to.sink.texts()).containsAll(ALL);
  }

  private void takeAll(House.Client client) {
    takeAll(client, COUNT);
  }

  private void takeAll(House.Client client, int count) {
    take(client, count);
    house.timer.advance(Duration.ofSeconds(1));
    await().until(() -> house.store.queue(Keys.queue(House.ACCOUNT, "to")).size() == 0);
  }

  /** Takes messages of a connection until there are this many. */
  private void take(House.Client client, int until) {
    int[] seen = {0};
    await()
        .pollInterval(Duration.ofMillis(1))
        .until(
            () -> {
              while (taken.size() < until && seen[0] < client.sink.delivered.size()) {
                RecordingSink.Delivered next = client.sink.delivered.get(seen[0]++);
                taken.add(next.text());
                acknowledge(client, next.packetId());
              }
              return taken.size() >= until;
            });
  }

  private static void acknowledge(House.Client client, int packetId) {
    client.session.acknowledge(packetId);
    client.session.received(packetId, true);
    client.session.complete(packetId);
  }

  private long rows() {
    return house.store.table(Keys.FEEDS).size();
  }
}
