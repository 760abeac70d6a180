package dev.gatehouse.broker;

import static dev.gatehouse.broker.House.HOUR;
import static dev.gatehouse.broker.House.QOS0;
import static dev.gatehouse.broker.House.QOS1;
import static dev.gatehouse.broker.House.QOS2;
import static dev.gatehouse.broker.House.done;
import static dev.gatehouse.broker.House.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.MessageProperties;
import dev.gatehouse.api.message.MessageProperties.UserProperty;
import dev.gatehouse.api.message.PublishOutcome;
import dev.gatehouse.api.session.SessionEnd;
import dev.gatehouse.api.session.SessionOpening;
import dev.gatehouse.api.session.SubscribeResult;
import dev.gatehouse.testkit.FixedMemory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What clients can make the broker hold is counted in bytes, and refused where it is too much. */
class MemoryTest {
  private static final int MEBIBYTE = 1 << 20;

  private final House house = new House(House.small(), new FixedMemory(MEBIBYTE));

  @AfterEach
  void stop() {
    house.close();
  }

  private BrokerMemory memory() {
    return house.broker.memory();
  }

  private void assertNothingIsHeld() {
    BrokerMemory memory = memory();
    assertThat(
            List.of(
                memory.messages.usedBytes(),
                memory.retained.usedBytes(),
                memory.sessions.usedBytes(),
                memory.wills.usedBytes(),
                memory.mailboxes.usedBytes()))
        .containsOnly(0L);
  }

  private static String levels(int i) {
    return i + "/x".repeat(50);
  }

  @Test
  void aFilterForWhoseLevelsThereIsNoMemoryIsRefusedAndChangesNothing() {
    House.Client client = house.clean("c");
    List<SubscribeResult> results = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      results.addAll(client.subscribe(List.of(House.wish(levels(i), QOS1))).join());
    }
    assertThat(results)
        .startsWith(SubscribeResult.GRANTED_QOS_1)
        .endsWith(SubscribeResult.QUOTA_EXCEEDED);
    assertThat(memory().sessions.usedBytes()).isLessThanOrEqualTo(memory().sessions.limitBytes());
    int granted = Collections.frequency(results, SubscribeResult.GRANTED_QOS_1);
    assertThat(house.trie().size()).isEqualTo(granted);

    client.session.close(SessionEnd.CLIENT_INITIATED, -1);
    assertNothingIsHeld();
    assertThat(house.clean("d").subscribe(levels(0), QOS1).present).isFalse();
  }

  @Test
  void aSharedFilterForWhichThereIsNoMemoryIsRefused() {
    House.Client client = house.clean("c");
    String filter = "$share/" + "n".repeat(60_000) + "/a";
    assertThat(client.subscribe(List.of(House.wish(filter, QOS1))).join())
        .containsExactly(SubscribeResult.QUOTA_EXCEEDED);
    assertThat(client.subscribe(List.of(House.wish("$share/n/a/b", QOS1))).join())
        .containsExactly(SubscribeResult.GRANTED_QOS_1);
    client.session.close(SessionEnd.CLIENT_INITIATED, -1);
    assertNothingIsHeld();
  }

  @Test
  void subscribingAgainTakesNoMoreMemory() {
    House.Client client = house.clean("c").subscribe("a/b", QOS0);
    long used = memory().sessions.usedBytes();
    client.subscribe("a/b", QOS1).subscribe("a/b", QOS2);
    assertThat(memory().sessions.usedBytes()).isEqualTo(used);
    done(client.session.unsubscribe(List.of(new dev.gatehouse.api.message.TopicFilter("a/b"))));
    client.session.close(SessionEnd.CLIENT_INITIATED, -1);
    assertNothingIsHeld();
  }

  @Test
  void subscriptionsThatAreReadAtTheStartCountEvenBeyondTheMemory() {
    House.Client client = house.persistent("p").subscribe("a/b", QOS1);
    long used = memory().sessions.usedBytes();
    house.crash();
    assertThat(memory().sessions.usedBytes()).isEqualTo(used);
    client = house.persistent("p");
    assertThat(client.present).isTrue();
    client.session.close(SessionEnd.CLIENT_INITIATED, 0);
    assertNothingIsHeld();
  }

  @Test
  void aSessionForWhichThereIsNoMemoryIsRefusedAndTakesNothingAway() {
    house.persistent("p").subscribe("a", QOS1).session.close(SessionEnd.CONNECTION_LOST, -1);
    House.Client clean = house.clean("c");
    memory().sessions.take(memory().sessions.limitBytes());
    assertThat(done(house.broker.open(request("new", 0), new RecordingSink())))
        .isEqualTo(
            new SessionOpening.Refused(
                SessionOpening.Reason.QUOTA_EXCEEDED,
                "the memory for sessions and subscriptions is full"));
    assertThat(done(house.broker.open(request("c", HOUR, true, 100, null), new RecordingSink())))
        .as("a larger one")
        .isInstanceOf(SessionOpening.Refused.class);
    assertThat(clean.sink.ends).as("the one that it would end").isEmpty();
    assertThat(house.persistent("p").present).as("a kept one comes back").isTrue();
    assertThat(house.connect(request("p", 0, true, 100, null)).present)
        .as("it is ended by a smaller one")
        .isFalse();
    memory().sessions.release(memory().sessions.limitBytes());
  }

  @Test
  void messagesThatAreSentAndNotAcknowledgedCount() {
    House.Client client = house.connect(request("c", 0, true, 100, null)).subscribe("a", QOS1);
    int sent = 0;
    while (house.dropped(Counters.Drop.QUEUE_FULL) == 0) {
      house.publish("a", "x".repeat(5_000), QOS1);
      assertThat(++sent).isLessThan(100);
    }
    assertThat(client.sink.delivered).hasSizeLessThan(40);
    assertThat(memory().messages.usedBytes()).isLessThanOrEqualTo(memory().messages.limitBytes());
    client.sink.packetIds().forEach(client.session::acknowledge);
    assertThat(memory().messages.usedBytes()).isZero();
  }

  @Test
  void aMessageOfQos2CountsUntilPubrecAndItsPacketIdUntilPubcomp() {
    House.Client client = house.clean("c").subscribe("a", QOS2);
    house.publish("a", "x".repeat(50_000), QOS2);
    assertThat(memory().messages.usedBytes()).isGreaterThan(49_000);
    int id = client.sink.packetIds().get(0);
    client.session.received(id, true);
    assertThat(memory().messages.usedBytes()).isZero();
    client.session.complete(id);
    client.session.close(SessionEnd.CLIENT_INITIATED, -1);
    assertNothingIsHeld();
  }

  @Test
  void storedMessagesWaitInTheStoreUntilThereIsMemory() {
    house.persistent("p").subscribe("a", QOS1).session.close(SessionEnd.CONNECTION_LOST, -1);
    house.publish("a", "x".repeat(50_000), QOS1);
    memory().messages.take(memory().messages.limitBytes());
    House.Client client = house.persistent("p");
    assertThat(client.sink.delivered).isEmpty();
    house.timer.advance(java.time.Duration.ofSeconds(1));
    assertThat(client.sink.delivered).isEmpty();
    memory().messages.release(memory().messages.limitBytes());
    house.timer.advance(java.time.Duration.ofSeconds(1));
    assertThat(client.sink.delivered).hasSize(1);
    client.session.acknowledge(client.sink.packetIds().get(0));
    client.session.close(SessionEnd.CLIENT_INITIATED, 0);
    assertNothingIsHeld();
  }

  @Test
  void aSmallStoredMessageComesWhateverTheOthersHave() {
    house.persistent("p").subscribe("a", QOS1).session.close(SessionEnd.CONNECTION_LOST, -1);
    house.publish("a", "one", QOS1);
    house.publish("a", "two", QOS1);
    memory().messages.take(memory().messages.limitBytes());
    House.Client client = house.persistent("p");
    assertThat(client.sink.texts()).containsExactly("one", "two");
    memory().messages.release(memory().messages.limitBytes());
  }

  @Test
  void retainedMessagesCountWithTheirProperties() {
    MessageProperties large =
        new MessageProperties(
            null,
            null,
            null,
            null,
            null,
            Collections.nCopies(100, new UserProperty("n", "v".repeat(500))));
    Message message = house.message("a", "x", QOS1, true, large);
    assertThat(done(house.broker.publish(message))).isEqualTo(PublishOutcome.QUOTA_EXCEEDED);
    assertThat(memory().retained.usedBytes()).isZero();

    int kept = 0;
    while (house.retain("r/" + kept, "x".repeat(2_000), QOS1) != PublishOutcome.QUOTA_EXCEEDED) {
      kept++;
    }
    assertThat(kept).isBetween(20, 50);
    assertThat(house.retain("r/0", "y", QOS1))
        .as("a smaller one")
        .isEqualTo(PublishOutcome.NO_SUBSCRIBERS);
    for (int i = 0; i < kept; i++) {
      house.retain("r/" + i, "", QOS1);
    }
    assertNothingIsHeld();
  }

  @Test
  void packetIdsOfQos2ThatAreNotReleasedCount() {
    House.Client client = house.clean("c");
    long before = memory().sessions.usedBytes();
    client.publishOnce(65_535, "a", "x");
    assertThat(memory().sessions.usedBytes() - before).isEqualTo(8_192);
  }

  @Test
  void aSessionWithThousandsOfOverlappingFiltersIsMergedInOneGo() {
    TopicTrie trie = house.trie();
    House.Client client = house.clean("c");
    List<dev.gatehouse.api.session.SubscriptionRequest> wishes = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      StringBuilder filter = new StringBuilder();
      for (int bit = 0; bit < 4; bit++) {
        filter.append(bit == 0 ? "" : "/").append((i >> bit & 1) == 0 ? "a" : "+");
      }
      wishes.add(
          new dev.gatehouse.api.session.SubscriptionRequest(
              new dev.gatehouse.api.message.TopicFilter(filter.toString()),
              i == 7 ? QOS2 : QOS0,
              i % 2 == 0,
              i == 3,
              dev.gatehouse.api.session.SubscriptionRequest.RetainHandling.DO_NOT_SEND,
              i + 1));
    }
    client.subscribe(wishes).join();
    Subscriber[] all = trie.match("a/a/a/a");
    assertThat(all).hasSize(1);
    SessionSubscription merged = (SessionSubscription) all[0];
    assertThat(merged.ids).hasSize(16);
    assertThat(merged.qos).isEqualTo(QOS2);
    assertThat(merged.retainAsPublished).isTrue();
    SessionSubscription own = merged.from(merged.session);
    assertThat(own.ids).as("without those that are no-local").hasSize(8);
  }
}
