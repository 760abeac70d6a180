package dev.gatehouse.broker;

import static dev.gatehouse.broker.House.HOUR;
import static dev.gatehouse.broker.House.QOS0;
import static dev.gatehouse.broker.House.QOS1;
import static dev.gatehouse.broker.House.done;
import static dev.gatehouse.broker.House.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.PublishOutcome;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.session.SessionEnd;
import dev.gatehouse.api.session.SessionSink.Delivery;
import dev.gatehouse.api.session.SubscriptionRequest;
import dev.gatehouse.api.session.SubscriptionRequest.RetainHandling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeliveryTest {
  private final House house = new House();

  @AfterEach
  void stop() {
    house.close();
  }

  @Test
  void cleanSessionsGetMessagesWithoutTheStore() {
    House.Client client = house.clean("c").subscribe("a/#", QOS1);
    house.store.failWith("disk full");

    assertThat(house.publish("a/b", "0", QOS0)).isEqualTo(PublishOutcome.DELIVERED);
    assertThat(house.publish("a/b", "1", QOS1)).isEqualTo(PublishOutcome.DELIVERED);
    assertThat(client.sink.packetIds()).containsExactly(0, 1);
    assertThat(house.broker.publish(house.message("a/b", "0", QOS0)))
        .isSameAs(house.broker.publish(house.message("a/b", "1", QOS1)));
  }

  @Test
  void overlappingSubscriptionsMakeOneDeliveryAtTheHighestQosWithAllIds() {
    House.Client client = house.clean("c");
    done(client.subscribe(List.of(wish("a/+", QOS0, false, 1), wish("a/b", QOS1, false, 2))));
    house.publish("a/b", "x", QOS1);

    assertThat(client.sink.delivered).hasSize(1);
    assertThat(client.sink.delivered.get(0).qos()).isEqualTo(QOS1);
    assertThat(client.sink.delivered.get(0).ids()).containsExactlyInAnyOrder(1, 2);
  }

  @Test
  void noLocalKeepsBackOnlyWhatTheSessionItselfPublished() {
    House.Client client = house.clean("c");
    done(client.subscribe(List.of(wish("a/b", QOS1, true, 1), wish("a/+", QOS0, false, 2))));
    done(client.subscribe(List.of(wish("own", QOS1, true, 3))));

    assertThat(client.publish("own", "x", QOS1)).isEqualTo(PublishOutcome.NO_SUBSCRIBERS);
    client.publish("a/b", "mine", QOS1);
    house.publish("a/b", "other", QOS1);
    assertThat(client.sink.texts()).containsExactly("mine", "other");
    assertThat(client.sink.delivered.get(0).ids()).containsExactly(2);
    assertThat(client.sink.delivered.get(0).qos()).isEqualTo(QOS0);
    assertThat(client.sink.delivered.get(1).ids()).containsExactlyInAnyOrder(1, 2);
  }

  @Test
  void theStageWaitsForTheDiskWhileTheConnectedSessionHasTheMessageAlready() {
    House.Client client = house.persistent("p").subscribe("a", QOS1);
    house.store.hold();
    CompletionStage<PublishOutcome> stage = house.broker.publish(house.message("a", "x", QOS1));
    CompletionStage<PublishOutcome> qos0 = house.broker.publish(house.message("a", "y", QOS0));

    assertThat(client.sink.texts()).containsExactly("x", "y");
    assertThat(stage.toCompletableFuture()).isNotDone();
    assertThat(done(qos0)).isEqualTo(PublishOutcome.DELIVERED);
    house.store.release();
    assertThat(done(stage)).isEqualTo(PublishOutcome.DELIVERED);
  }

  @Test
  void whatWasAcknowledgedToThePublisherSurvivesACrash() {
    house.persistent("p").subscribe("a", QOS1).session.close(SessionEnd.CONNECTION_LOST, -1);
    IntStream.range(0, 40).forEach(i -> house.publish("a", "m" + i, QOS1));
    house.crash();
    IntStream.range(40, 80).forEach(i -> house.publish("a", "m" + i, QOS1));
    House.Client again = house.persistent("p");

    assertThat(again.sink.texts())
        .containsExactlyElementsOf(IntStream.range(0, 80).mapToObj(i -> "m" + i).toList());
    assertThat(again.sink.dups()).doesNotContain(true);
  }

  @Test
  void whatWasInFlightAtACrashComesAgainAsADuplicate() {
    House.Client client = house.persistent("p").subscribe("a", QOS1);
    house.publish("a", "1", QOS1);
    house.publish("a", "2", QOS1);
    client.session.acknowledge(client.sink.packetIds().get(0));
    house.timer.advance(Duration.ofSeconds(1));
    house.crash();
    House.Client again = house.persistent("p");

    assertThat(again.sink.texts()).containsExactly("2");
    assertThat(again.sink.dups()).containsExactly(true);
  }

  @Test
  void packetIdsStayTheSameWhenTheClientComesBack() {
    House.Client client = house.persistent("p").subscribe("a", QOS1);
    IntStream.range(0, 5).forEach(i -> house.publish("a", "m" + i, QOS1));
    client.session.acknowledge(2);
    client.session.close(SessionEnd.CONNECTION_LOST, -1);
    house.publish("a", "m5", QOS1);
    House.Client again = house.persistent("p");

    assertThat(again.sink.packetIds()).containsExactly(1, 3, 4, 5, 6);
    assertThat(again.sink.texts()).containsExactly("m0", "m2", "m3", "m4", "m5");
    assertThat(again.sink.dups()).containsExactly(true, true, true, true, false);
  }

  @Test
  void packetIdsStayTheSameAcrossACrash() {
    House.Client other = house.persistent("other").subscribe("b", QOS1);
    House.Client client = house.persistent("p").subscribe("a", QOS1);
    for (int i = 0; i < 6; i++) {
      house.publish("b", "other's", QOS1);
      house.publish("a", "m" + i, QOS1);
    }
    List<Integer> ids = List.copyOf(client.sink.packetIds());
    client.session.acknowledge(ids.get(1));
    house.timer.advance(Duration.ofSeconds(1));
    house.crash();
    House.Client again = house.persistent("p");

    assertThat(other.sink.packetIds()).hasSize(6);
    assertThat(again.sink.texts()).containsSubsequence("m0", "m2", "m3", "m4", "m5");
    assertThat(again.sink.packetIds())
        .containsSubsequence(ids.get(0), ids.get(2), ids.get(3), ids.get(4), ids.get(5));
    assertThat(again.sink.dups()).containsOnly(true);
  }

  @Test
  void noMoreIsInFlightThanTheClientTakes() {
    house.connect(request("p", HOUR, false, 3, null)).subscribe("a", QOS1);
    House.Client client = house.connect(request("p", HOUR, false, 2, null));
    IntStream.range(0, 100).forEach(i -> house.publish("a", "m" + i, QOS1));
    assertThat(client.sink.texts()).containsExactly("m0", "m1");

    for (int i = 0; i < client.sink.delivered.size(); i++) {
      client.session.acknowledge(client.sink.delivered.get(i).packetId());
    }

    assertThat(client.sink.texts())
        .containsExactlyElementsOf(IntStream.range(0, 100).mapToObj(i -> "m" + i).toList());
    house.timer.advance(Duration.ofSeconds(1));
    assertThat(house.store.queue(Keys.queue(House.ACCOUNT, "p")).size()).isZero();
  }

  @Test
  void aSmallerWindowAfterReconnectHoldsBackWhatWasInFlight() {
    House.Client client = house.persistent("p").subscribe("a", QOS1);
    IntStream.range(0, 4).forEach(i -> house.publish("a", "m" + i, QOS1));
    client.session.close(SessionEnd.CONNECTION_LOST, -1);
    House.Client again = house.connect(request("p", HOUR, false, 2, null));
    assertThat(again.sink.packetIds()).containsExactly(1, 2);

    again.session.acknowledge(1);
    assertThat(again.sink.packetIds()).containsExactly(1, 2, 3);
  }

  @Test
  void aBusyConnectionLosesQos0AndKeepsQos1() {
    House.Client client = house.clean("c").subscribe("a", QOS1);
    client.sink.answer = message -> Delivery.BUSY;
    house.publish("a", "sent", QOS0);
    house.publish("a", "lost", QOS0);
    house.publish("a", "kept", QOS1);
    client.sink.answer = message -> Delivery.SENT;
    assertThat(client.sink.texts()).containsExactly("sent");
    client.session.resume();

    assertThat(client.sink.texts()).containsExactly("sent", "kept");
    assertThat(house.dropped(Counters.Drop.BUSY)).isEqualTo(1);
  }

  @Test
  void aCleanSessionsBufferDropsTheNewestWhenFull() {
    House.Client client = house.connect(request("c", 0, true, 1, null)).subscribe("a", QOS1);
    IntStream.range(0, 20).forEach(i -> house.publish("a", "m" + i, QOS1));

    assertThat(house.dropped(Counters.Drop.QUEUE_FULL)).isEqualTo(9);
    for (int i = 0; i < client.sink.delivered.size(); i++) {
      client.session.acknowledge(client.sink.delivered.get(i).packetId());
    }
    assertThat(client.sink.texts()).hasSize(11).last().isEqualTo("m10");
  }

  @Test
  void whoNeverAcknowledgesIsBoundedExactlyAndSlowsNobody() {
    House.Client never = house.connect(request("never", 0, true, 5, null)).subscribe("a", QOS1);
    House.Client kept = house.connect(request("kept", HOUR, true, 5, null)).subscribe("a", QOS1);
    House.Client fine = house.clean("fine").subscribe("a", QOS1);
    for (int i = 0; i < 600; i++) {
      assertThat(house.publish("a", "m" + i, QOS1)).isEqualTo(PublishOutcome.DELIVERED);
      fine.session.acknowledge(fine.sink.packetIds().get(i));
    }
    assertThat(fine.sink.texts()).hasSize(600);
    assertThat(never.sink.texts()).hasSize(5);
    assertThat(kept.sink.texts()).hasSize(5);
    assertThat(house.store.queue(Keys.queue(House.ACCOUNT, "kept")).size()).isEqualTo(500);
    assertThat(house.dropped(Counters.Drop.QUEUE_FULL))
        .as("all but 5 in flight and 10 waiting, all but 500 queued")
        .isEqualTo(585 + 100);

    never.session.close(SessionEnd.CONNECTION_LOST, -1);
    kept.session.close(SessionEnd.CONNECTION_LOST, 0);
    assertThat(house.broker.memory().messages.usedBytes()).isZero();
  }

  @Test
  void beyondTheMemoryOfAllEachSessionHasALittle() {
    BrokerSettings small = House.small();
    house.broker.change(
        new BrokerSettings(
            small.maxSessions(),
            small.maxSubscriptionsPerSession(),
            small.queue(),
            new BrokerSettings.Limit(1_000, 64 << 10),
            0,
            100 << 10,
            small.retained(),
            small.mailboxThreads(),
            small.cachedTopics(),
            small.grace(),
            true,
            0));
    for (int i = 0; i < 20; i++) {
      house.connect(request("c" + i, 0, true, 1, null)).subscribe("a/" + i, QOS1);
      for (int message = 0; message < 100; message++) {
        house.publish("a/" + i, "x".repeat(1_000), QOS1);
      }
    }
    assertThat(house.broker.memory().messages.usedBytes())
        .as("100 kB, in chunks")
        .isBetween(90L << 10, (100L << 10) + (8L << 10));
    assertThat(house.dropped(Counters.Drop.QUEUE_FULL)).isPositive();
  }

  @Test
  void aBurstMayUseMemoryThatNobodyElseNeeds() {
    BrokerSettings small = House.small();
    house.broker.change(
        new BrokerSettings(
            small.maxSessions(),
            small.maxSubscriptionsPerSession(),
            small.queue(),
            small.buffer(),
            100 * 230,
            small.memoryBytes(),
            small.retained(),
            small.mailboxThreads(),
            small.cachedTopics(),
            small.grace(),
            true,
            0));
    House.Client one = house.connect(request("one", 0, true, 1, null)).subscribe("a", QOS1);
    House.Client two = house.connect(request("two", 0, true, 1, null)).subscribe("b", QOS1);
    IntStream.range(0, 200).forEach(i -> house.publish("a", "m", QOS1));
    IntStream.range(0, 200).forEach(i -> house.publish("b", "m", QOS1));
    acknowledgeAll(one);
    acknowledgeAll(two);

    assertThat(one.sink.delivered).hasSizeBetween(80, 110);
    assertThat(two.sink.delivered).as("its own buffer").hasSize(11);
    assertThat(house.broker.memory().messages.usedBytes()).isZero();
  }

  private static void acknowledgeAll(House.Client client) {
    for (int i = 0; i < client.sink.delivered.size(); i++) {
      client.session.acknowledge(client.sink.delivered.get(i).packetId());
    }
  }

  @Test
  void aPersistentQueueIsBoundedExactlyAndHasRoomAgainAfterwards() {
    house.persistent("p").subscribe("a", QOS1).session.close(SessionEnd.CONNECTION_LOST, -1);
    IntStream.range(0, 510)
        .forEach(
            i -> assertThat(house.publish("a", "m" + i, QOS1)).isEqualTo(PublishOutcome.DELIVERED));
    assertThat(house.dropped(Counters.Drop.QUEUE_FULL)).isEqualTo(10);

    House.Client again = house.persistent("p");
    for (int i = 0; i < again.sink.delivered.size(); i++) {
      again.session.acknowledge(again.sink.delivered.get(i).packetId());
    }
    assertThat(again.sink.texts()).hasSize(500);
    house.publish("a", "after", QOS1);
    assertThat(again.sink.texts()).last().isEqualTo("after");
  }

  @Test
  void whatTheClientMayNotReceiveIsDroppedAndDoesNotStopTheRest() {
    House.Client client = house.persistent("p").subscribe("a", QOS1);
    client.sink.answer =
        message -> message.payload().text().equals("no") ? Delivery.REFUSED : Delivery.SENT;
    house.publish("a", "no", QOS1);
    house.publish("a", "yes", QOS1);
    client.session.acknowledge(client.sink.packetIds().get(0));
    house.timer.advance(Duration.ofSeconds(1));

    assertThat(client.sink.texts()).containsExactly("yes");
    assertThat(house.store.queue(Keys.queue(House.ACCOUNT, "p")).size()).isZero();
  }

  @Test
  void oneConnectionsFailureDoesNotHurtTheOthers() {
    House.Client bad = house.clean("bad").subscribe("a", QOS1);
    House.Client good = house.clean("good").subscribe("a", QOS1);
    bad.sink.answer =
        message -> {
          throw new IllegalStateException("broken");
        };
    assertThat(house.publish("a", "0", QOS0)).isEqualTo(PublishOutcome.DELIVERED);
    assertThat(house.publish("a", "1", QOS1)).isEqualTo(PublishOutcome.DELIVERED);

    assertThat(good.sink.texts()).containsExactly("0", "1");
  }

  @Test
  void expiredMessagesAreNotDelivered() {
    house.persistent("p").subscribe("a", QOS1).session.close(SessionEnd.CONNECTION_LOST, -1);
    done(house.broker.publish(house.message("a", "short", QOS1, false, House.expiring(10))));
    done(house.broker.publish(house.message("a", "long", QOS1, false, House.expiring(1000))));
    house.clock.advance(Duration.ofSeconds(11));

    assertThat(house.persistent("p").sink.texts()).containsExactly("long");
    assertThat(house.dropped(Counters.Drop.EXPIRED)).isEqualTo(1);
  }

  @Test
  void aFailingStoreFailsOnlyWhatNeedsIt() {
    House.Client p = house.persistent("p").subscribe("a", QOS1);
    house.store.failWith("disk full");

    assertThat(house.publish("a", "0", QOS0)).isEqualTo(PublishOutcome.DELIVERED);
    assertThat(house.publish("a", "1", QOS1)).isEqualTo(PublishOutcome.STORE_UNAVAILABLE);
    p.session.close(SessionEnd.CONNECTION_LOST, -1);
    assertThat(house.publish("a", "2", QOS1)).isEqualTo(PublishOutcome.STORE_UNAVAILABLE);
    house.store.failWith(null);
    assertThat(house.publish("a", "3", QOS1)).isEqualTo(PublishOutcome.DELIVERED);
    assertThat(house.persistent("p").sink.texts()).contains("3").doesNotContain("2");
  }

  @Test
  void theQueueIsReadOnWhenACommitComesLate() {
    house.persistent("p").subscribe("a", QOS1).session.close(SessionEnd.CONNECTION_LOST, -1);
    house.publish("a", "1", QOS1);
    house.store.hold();
    house.broker.publish(house.message("a", "2", QOS1));
    RecordingSink sink = new RecordingSink();
    CompletableFuture<?> opening =
        house
            .broker
            .open(request("p", HOUR), sink)
            .thenAccept(
                opened ->
                    ((dev.gatehouse.api.session.SessionOpening.Opened) opened).session().start())
            .toCompletableFuture();
    house.broker.publish(house.message("a", "3", QOS1));
    house.store.release();

    assertThat(opening).isDone();
    assertThat(sink.texts()).containsExactly("1", "2", "3");
  }

  @Test
  void nothingIsLostOrReorderedWhileTheSubscriberComesAndGoes() {
    house.persistent("p").subscribe("a/#", QOS1);
    int count = 3_000;
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<Set<String>> acknowledged =
        CompletableFuture.supplyAsync(
            () -> {
              Set<String> taken = ConcurrentHashMap.newKeySet();
              for (int i = 0; i < count; i++) {
                Message message = house.message("a/" + i % 7, "m" + i, QOS1);
                if (house.broker.publish(message).toCompletableFuture().join()
                    == PublishOutcome.DELIVERED) {
                  taken.add("m" + i);
                }
              }
              over.set(true);
              return taken;
            });
    Set<String> got = new HashSet<>();
    while (!over.get()) {
      receive(got, 5);
    }
    Set<String> expected = new HashSet<>(acknowledged.join());
    // the bound of 500 may drop; nothing else may
    long dropped = house.dropped(Counters.Drop.QUEUE_FULL);
    await().until(() -> receive(got, 1000) == 0);
    expected.removeAll(got);
    assertThat((long) expected.size()).isEqualTo(dropped);
  }

  @Test
  void publishingAndSubscribingSideBySideIsSafe() {
    House.Client steady = house.clean("steady").subscribe("s/#", QOS0);
    AtomicBoolean stop = new AtomicBoolean();
    List<CompletableFuture<Void>> churn = new ArrayList<>();
    for (int t = 0; t < 2; t++) {
      House.Client client = house.clean("churn" + t);
      churn.add(
          CompletableFuture.runAsync(
              () -> {
                while (!stop.get()) {
                  client.subscribe(List.of(House.wish("s/+/x", QOS1)));
                  client.session.unsubscribe(List.of(new TopicFilter("s/+/x")));
                }
              }));
    }
    IntStream.range(0, 20_000).forEach(i -> house.publish("s/" + i % 50 + "/x", "m", QOS0));
    stop.set(true);
    churn.forEach(CompletableFuture::join);

    assertThat(steady.sink.delivered).hasSize(20_000);
    assertThat(house.trie().size()).isEqualTo(1);
  }

  /** Connects, takes and acknowledges up to a number of messages, and leaves. */
  private int receive(Set<String> got, int most) {
    House.Client client = house.persistent("p");
    List<RecordingSink.Delivered> delivered = client.sink.delivered;
    int taken = 0;
    while (taken < most && taken < delivered.size()) {
      RecordingSink.Delivered next = delivered.get(taken++);
      got.add(next.text());
      client.session.acknowledge(next.packetId());
    }
    client.session.close(SessionEnd.CONNECTION_LOST, -1);
    house.timer.advance(Duration.ofMillis(100));
    return taken;
  }

  private static SubscriptionRequest wish(String filter, QoS qos, boolean noLocal, int id) {
    return new SubscriptionRequest(
        new TopicFilter(filter), qos, noLocal, false, RetainHandling.SEND_ON_SUBSCRIBE, id);
  }
}
