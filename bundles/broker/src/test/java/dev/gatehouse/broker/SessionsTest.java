package dev.gatehouse.broker;

import static dev.gatehouse.broker.House.HOUR;
import static dev.gatehouse.broker.House.QOS0;
import static dev.gatehouse.broker.House.QOS1;
import static dev.gatehouse.broker.House.done;
import static dev.gatehouse.broker.House.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.message.PublishOutcome;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.session.SessionEnd;
import dev.gatehouse.api.session.SessionOpening;
import dev.gatehouse.api.session.SessionOpening.Reason;
import dev.gatehouse.api.session.SessionRequest;
import dev.gatehouse.api.session.SubscribeResult;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionsTest {
  private final House house = new House();

  @AfterEach
  void stop() {
    house.close();
  }

  @Test
  void theFormerHolderIsTakenOverBeforeTheNewOneIsThere() {
    House.Client first = house.clean("bulb").subscribe("a", QOS1);
    House.Client second = house.clean("bulb");

    assertThat(first.sink.ends).containsExactly(SessionEnd.TAKEN_OVER);
    assertThat(second.present).isFalse();
    assertThat(house.publish("a", "x", QOS1)).isEqualTo(PublishOutcome.NO_SUBSCRIBERS);
    first.session.close(SessionEnd.CONNECTION_LOST, -1);
    assertThat(second.sink.ends).isEmpty();
    assertThat(done(first.subscribe(List.of(House.wish("b", QOS0)))))
        .containsExactly(SubscribeResult.QUOTA_EXCEEDED);
    assertThat(first.publish("a", "late", QOS1).success()).isFalse();
  }

  @Test
  void takingOverAPersistentSessionLosesNothing() {
    House.Client first = house.persistent("bulb").subscribe("a", QOS1);
    house.publish("a", "1", QOS1);
    House.Client second = house.persistent("bulb");
    house.publish("a", "2", QOS1);

    assertThat(second.present).isTrue();
    assertThat(first.sink.texts()).containsExactly("1");
    assertThat(second.sink.texts()).containsExactly("1", "2");
    assertThat(second.sink.dups()).containsExactly(true, false);
  }

  /** What the session before it had queued is deleted while the new one begins. */
  @Test
  void aNewSessionHasItsQueueToItself() {
    House.Client full = house.persistent("bulb").subscribe("a", QOS1);
    full.session.close(SessionEnd.CONNECTION_LOST, -1);
    for (int i = 0; i < 500; i++) {
      house.publish("a", "old", QOS1);
    }
    house.store.hold();
    RecordingSink sink = new RecordingSink();
    var opening = house.broker.open(request("bulb", HOUR, true, 10, null), sink);
    house.store.release();
    House.Client fresh = house.persistent("bulb").subscribe("a", QOS1);
    fresh.session.close(SessionEnd.CONNECTION_LOST, -1);
    house.publish("a", "new", QOS1);

    assertThat(done(opening)).isInstanceOf(SessionOpening.Opened.class);
    assertThat(house.dropped(Counters.Drop.QUEUE_FULL)).isZero();
    assertThat(house.persistent("bulb").sink.texts()).containsExactly("new");
  }

  @Test
  void aSessionBelongsToItsPrincipalAndAnotherGetsTheClientIdWithoutIt() {
    House.Client first = house.persistent("bulb").subscribe("a", QOS1);
    first.session.close(SessionEnd.CONNECTION_LOST, -1);
    house.publish("a", "for the first only", QOS1);

    House.Client other = house.connect(ofAnother("bulb"));
    assertThat(other.present).isFalse();
    assertThat(house.publish("a", "nobody's", QOS1)).isEqualTo(PublishOutcome.NO_SUBSCRIBERS);
    other.subscribe("b", QOS1);
    house.publish("b", "its own", QOS1);
    assertThat(other.sink.texts()).containsExactly("its own");

    House.Client back = house.persistent("bulb");
    assertThat(other.sink.ends).containsExactly(SessionEnd.TAKEN_OVER);
    assertThat(back.present).isFalse();
    assertThat(back.sink.texts()).isEmpty();
    house.crash();
    assertThat(house.connect(ofAnother("bulb")).present).isFalse();
  }

  @Test
  void aRaceForAClientIdLeavesOneHolderWhoseSessionIsItsPrincipals() throws Exception {
    for (int round = 0; round < 1_000; round++) {
      house.connect(request("bulb", HOUR)).subscribe("a", QOS1);
      house.publish("a", "mine " + round, QOS1);
      RecordingSink mine = new RecordingSink();
      RecordingSink others = new RecordingSink();
      Thread other = new Thread(() -> house.broker.open(ofAnother("bulb"), others));
      other.start();
      SessionOpening opening = done(house.broker.open(request("bulb", HOUR), mine));
      other.join();
      ((SessionOpening.Opened) opening).session().start();
      assertThat(others.delivered).isEmpty();
      assertThat(mine.ends.size() + others.ends.size()).as("one is left").isEqualTo(1);
      house.connect(request("bulb", 0)).session.close(SessionEnd.CLIENT_INITIATED, 0);
    }
  }

  private static SessionRequest ofAnother(String clientId) {
    return new SessionRequest(
        House.ACCOUNT,
        clientId,
        new Principal.Certificate(House.ACCOUNT, "bb".repeat(32)),
        false,
        HOUR,
        10,
        null,
        House.address("10.0.0.9"));
  }

  @Test
  void accountsDoNotSeeEachOther() {
    Account elsewhere = new Account("111111111111", "us-east-1");
    SessionRequest request =
        new SessionRequest(
            elsewhere,
            "bulb",
            new Principal.Certificate(elsewhere, "cc".repeat(32)),
            false,
            HOUR,
            10,
            null,
            House.address("10.0.0.9"));
    House.Client there = house.connect(request).subscribe("#", QOS1);
    House.Client here = house.persistent("bulb").subscribe("a", QOS1);
    house.retain("a", "kept", QOS1);

    assertThat(there.sink.ends).as("the same client id").isEmpty();
    assertThat(here.sink.texts()).containsExactly("kept");
    assertThat(there.sink.texts()).isEmpty();
    there.subscribe("+", QOS1);
    house.crash();
    House.Client again = house.connect(request);
    assertThat(again.present).isTrue();
    assertThat(again.sink.texts()).isEmpty();
  }

  @Test
  void moreSessionsThanAllowedAreRefused() {
    IntStream.range(0, 100).forEach(i -> house.clean("c" + i));

    assertThat(refusal(request("one-more", 0))).isEqualTo(Reason.QUOTA_EXCEEDED);
    assertThat(house.clean("c5").present).isFalse();
  }

  @Test
  void moreSubscriptionsThanAllowedAreRefusedOneByOne() {
    House.Client client = house.clean("bulb");
    IntStream.range(0, 19).forEach(i -> client.subscribe("a/" + i, QOS0));

    assertThat(
            done(
                client.subscribe(
                    List.of(
                        House.wish("b", QOS1), House.wish("c", QOS1), House.wish("a/0", QOS1)))))
        .containsExactly(
            SubscribeResult.GRANTED_QOS_1,
            SubscribeResult.QUOTA_EXCEEDED,
            SubscribeResult.GRANTED_QOS_1);
  }

  @Test
  void subscriptionsComeChangeAndGoInAnyOrder() {
    House.Client client = house.clean("bulb");
    for (String order : List.of("abc", "acb", "bac", "bca", "cab", "cba")) {
      client.subscribe("a", QOS0).subscribe("b", QOS0).subscribe("c", QOS0);
      for (int i = 0; i < 3; i++) {
        String filter = order.substring(i, i + 1);
        client.subscribe(filter, QOS1); // in the place of the one before
        assertThat(house.trie().size()).isEqualTo(3 - i);
        client.sink.delivered.clear();
        house.publish(filter, order, QOS1);
        assertThat(client.sink.delivered)
            .extracting(RecordingSink.Delivered::qos)
            .containsExactly(QOS1);
        List<TopicFilter> gone = List.of(new TopicFilter(filter), new TopicFilter(filter));
        assertThat(done(client.session.unsubscribe(gone))).containsExactly(true, false);
        assertThat(house.publish(filter, "x", QOS1)).isEqualTo(PublishOutcome.NO_SUBSCRIBERS);
      }
      assertThat(house.trie().empty()).isTrue();
    }
    client.subscribe("a", QOS1).subscribe("b", QOS1);
    client.session.close(SessionEnd.CLIENT_INITIATED, -1);
    assertThat(house.trie().empty()).isTrue();
  }

  @Test
  void aKeptSessionExpiresByTheTimerAndNotByTheClock() {
    House.Client client = house.persistent("bulb").subscribe("a", QOS1);
    client.session.close(SessionEnd.CLIENT_INITIATED, -1);
    house.clock.advance(Duration.ofDays(365));
    assertThat(house.publish("a", "1", QOS1)).isEqualTo(PublishOutcome.DELIVERED);

    house.timer.advance(Duration.ofSeconds(HOUR));

    assertThat(house.publish("a", "2", QOS1)).isEqualTo(PublishOutcome.NO_SUBSCRIBERS);
    assertThat(house.persistent("bulb").present).isFalse();
    assertThat(house.trie().empty()).isTrue();
  }

  @Test
  void comingBackInTimeStopsTheExpiry() {
    house.persistent("bulb").session.close(SessionEnd.CONNECTION_LOST, -1);
    House.Client again = house.persistent("bulb").subscribe("a", QOS1);
    house.timer.advance(Duration.ofSeconds(2 * HOUR));

    assertThat(again.present).isTrue();
    assertThat(house.publish("a", "x", QOS1)).isEqualTo(PublishOutcome.DELIVERED);
    assertThat(again.sink.texts()).containsExactly("x");
  }

  @Test
  void aDisconnectMayEndAPersistentSessionAtOnce() {
    House.Client client = house.persistent("bulb").subscribe("a", QOS1);
    house.publish("a", "x", QOS1);
    client.session.close(SessionEnd.CLIENT_INITIATED, 0);

    assertThat(house.trie().empty()).isTrue();
    assertThat(rows()).isZero();
    assertThat(house.store.queue(Keys.queue(House.ACCOUNT, "bulb")).size()).isZero();
  }

  @Test
  void cleanStartForgetsWhatWasKept() {
    house.persistent("bulb").subscribe("a", QOS1).session.close(SessionEnd.CONNECTION_LOST, -1);
    house.publish("a", "old", QOS1);
    House.Client clean = house.connect(request("bulb", HOUR, true, 10, null));
    house.publish("a", "new", QOS1);

    assertThat(clean.present).isFalse();
    assertThat(clean.sink.texts()).isEmpty();
    clean.subscribe("a", QOS1);
    house.publish("a", "now", QOS1);
    assertThat(clean.sink.texts()).containsExactly("now");
  }

  @Test
  void subscriptionsSurviveARestartWithTheirOptions() {
    house.persistent("bulb").subscribe("a/+", QOS1).subscribe("b", QOS0);
    house.crash();
    House.Client again = house.persistent("bulb");
    house.publish("a/1", "one", QOS1);
    house.publish("b", "two", QOS1);

    assertThat(again.present).isTrue();
    assertThat(again.sink.delivered)
        .extracting(RecordingSink.Delivered::qos)
        .containsExactly(QOS1, QOS0);
  }

  @Test
  void unsubscribedFiltersStayAwayAfterARestart() {
    House.Client client = house.persistent("bulb").subscribe("a", QOS1).subscribe("b", QOS1);
    assertThat(
            done(
                client.session.unsubscribe(
                    List.of(new TopicFilter("a"), new TopicFilter("never")))))
        .containsExactly(true, false);
    house.crash();

    assertThat(house.publish("a", "x", QOS1)).isEqualTo(PublishOutcome.NO_SUBSCRIBERS);
    assertThat(house.publish("b", "x", QOS1)).isEqualTo(PublishOutcome.DELIVERED);
  }

  @Test
  void aLeapOfTheClockOverARestartLeavesTheGraceToComeBack() {
    house.persistent("bulb").subscribe("a", QOS1).session.close(SessionEnd.CONNECTION_LOST, -1);
    house.clock.advance(Duration.ofDays(400));
    house.crash();
    house.timer.advance(Duration.ofSeconds(299));
    assertThat(house.publish("a", "x", QOS1)).isEqualTo(PublishOutcome.DELIVERED);

    house.timer.advance(Duration.ofSeconds(1));
    assertThat(house.publish("a", "x", QOS1)).isEqualTo(PublishOutcome.NO_SUBSCRIBERS);
  }

  @Test
  void aFailingStoreRefusesPersistentSessionsAndSubscriptionsOnly() {
    House.Client there = house.persistent("there");
    house.store.failWith("disk full");

    assertThat(refusal(request("new", HOUR))).isEqualTo(Reason.STORE_UNAVAILABLE);
    assertThat(house.clean("clean").subscribe("a", QOS1).present).isFalse();
    assertThat(done(there.subscribe(List.of(House.wish("b", QOS1)))))
        .containsExactly(SubscribeResult.STORE_UNAVAILABLE);
    assertThat(house.publish("b", "x", QOS1)).isEqualTo(PublishOutcome.NO_SUBSCRIBERS);

    house.store.failWith(null);
    assertThat(house.persistent("new").present).isFalse();
    there.subscribe("b", QOS1);
    assertThat(house.publish("b", "x", QOS1)).isEqualTo(PublishOutcome.DELIVERED);
  }

  @Test
  void aSessionWhoseDeletionFailedIsDeletedLater() {
    House.Client client = house.persistent("bulb").subscribe("a", QOS1);
    house.store.failWith("disk full");
    client.session.close(SessionEnd.CLIENT_INITIATED, 0);
    house.store.failWith(null);
    assertThat(rows()).isEqualTo(2);

    house.timer.advance(Duration.ofSeconds(5));

    assertThat(rows()).isZero();
  }

  @Test
  void openingWaitsUntilTheSessionIsDurable() {
    house.store.hold();
    var opening = house.broker.open(request("bulb", HOUR), new RecordingSink());
    assertThat(opening.toCompletableFuture()).isNotDone();
    house.store.release();

    assertThat(done(opening)).isInstanceOf(SessionOpening.Opened.class);
  }

  @Test
  void stoppingEndsConnectionsAndKeepsPersistentSessions() {
    House.Client clean = house.clean("clean");
    House.Client kept = house.persistent("kept").subscribe("a", QOS1);
    house.broker.stop();
    house.crash();

    assertThat(clean.sink.ends).containsExactly(SessionEnd.SERVER_SHUTDOWN);
    assertThat(kept.sink.ends).containsExactly(SessionEnd.SERVER_SHUTDOWN);
    assertThat(house.persistent("kept").present).isTrue();
  }

  private long rows() {
    return house.store.table(Keys.SESSIONS).size() + house.store.table(Keys.SUBSCRIPTIONS).size();
  }

  private Reason refusal(SessionRequest request) {
    SessionOpening opening = done(house.broker.open(request, new RecordingSink()));
    assertThat(opening).isInstanceOf(SessionOpening.Refused.class);
    return ((SessionOpening.Refused) opening).reason();
  }
}
