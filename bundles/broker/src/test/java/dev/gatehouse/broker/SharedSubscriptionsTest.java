package dev.gatehouse.broker;

import static dev.gatehouse.broker.House.HOUR;
import static dev.gatehouse.broker.House.QOS0;
import static dev.gatehouse.broker.House.QOS1;
import static dev.gatehouse.broker.House.QOS2;
import static dev.gatehouse.broker.House.done;
import static dev.gatehouse.broker.House.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.message.PublishOutcome;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.session.SessionEnd;
import dev.gatehouse.api.session.SessionOpening;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedSubscriptionsTest {
  private static final String JOBS = "$share/workers/jobs/#";

  private final House house = new House();

  @AfterEach
  void stop() {
    house.close();
  }

  @Test
  void eachMessageGoesToOneMemberInTurnAndToEveryoneElse() {
    House.Client a = house.clean("a").subscribe(JOBS, QOS1);
    House.Client b = house.clean("b").subscribe(JOBS, QOS1);
    House.Client other = house.clean("other").subscribe("$share/others/jobs/+", QOS1);
    House.Client plain = house.clean("plain").subscribe("jobs/1", QOS0);
    for (int i = 0; i < 6; i++) {
      assertThat(house.publish("jobs/1", "m" + i, i < 3 ? QOS0 : QOS1))
          .isEqualTo(PublishOutcome.DELIVERED);
    }
    assertThat(a.sink.texts()).hasSize(3).doesNotContainAnyElementsOf(b.sink.texts());
    assertThat(b.sink.texts()).hasSize(3);
    assertThat(other.sink.texts()).hasSize(6);
    assertThat(plain.sink.texts()).hasSize(6);
  }

  @Test
  void memberWhoIsAwayIsPassedOverAndKeepsItsPlace() {
    House.Client here = house.persistent("here").subscribe(JOBS, QOS1);
    House.Client away = house.persistent("away").subscribe(JOBS, QOS1);
    away.session.close(SessionEnd.CONNECTION_LOST, -1);
    house.publish("jobs/1", "1", QOS1);
    house.publish("jobs/1", "2", QOS1);
    assertThat(here.sink.texts()).containsExactly("1", "2");

    here.session.close(SessionEnd.CONNECTION_LOST, -1);
    house.publish("jobs/1", "3", QOS1);
    house.publish("jobs/1", "4", QOS1);
    List<String> kept = new java.util.ArrayList<>(house.persistent("here").sink.texts());
    kept.removeAll(List.of("1", "2")); // not acknowledged, and sent again
    kept.addAll(house.persistent("away").sink.texts());
    assertThat(kept).containsExactlyInAnyOrder("3", "4");
  }

  /** A worker's messages are done by others when it does not come back (MQTT 5.0, 4.8.2). */
  @Test
  void whatAMemberHeldWhenItsSessionEndsGoesToOthers() {
    for (long expiry : new long[] {0, HOUR}) {
      House.Client gone =
          house.connect(request("gone", expiry, expiry == 0, 3, null)).subscribe(JOBS, QOS2);
      house.publish("jobs/1", "acknowledged", QOS1);
      house.publish("jobs/1", "sent 1", QOS1);
      house.publish("jobs/1", "sent 2", QOS2);
      gone.session.acknowledge(gone.sink.packetIds().get(0));
      house.publish("jobs/1", "received", QOS2);
      assertThat(gone.sink.texts()).hasSize(4);
      gone.session.received(gone.sink.packetIds().get(3), true);
      house.publish("jobs/1", "waits 1", QOS1);
      house.publish("jobs/1", "waits 2", QOS2);
      House.Client clean = house.clean("clean").subscribe(JOBS, QOS2);
      House.Client kept = house.persistent("kept").subscribe(JOBS, QOS2);
      gone.session.close(SessionEnd.CONNECTION_LOST, 0);

      List<String> came = new ArrayList<>(clean.sink.texts());
      came.addAll(kept.sink.texts());
      assertThat(came).containsExactlyInAnyOrder("sent 1", "waits 1", "waits 2");
      assertThat(clean.sink.texts()).isNotEmpty();
      assertThat(kept.sink.texts()).isNotEmpty();
      assertThat(house.store.queue(Keys.queue(House.ACCOUNT, "gone")).size()).isZero();
      clean.session.close(SessionEnd.CLIENT_INITIATED, 0);
      kept.session.close(SessionEnd.CLIENT_INITIATED, 0);
    }
    assertThat(house.store.table(Keys.SESSIONS).size()).isZero();
    assertThat(house.store.table(Keys.UNDER_WAY).size()).isZero();
  }

  @Test
  void aSessionThatExpiresAfterACrashHandsOnWhatIsStored() {
    House.Client away = house.persistent("away").subscribe(JOBS, QOS2).subscribe("own", QOS1);
    house.publish("jobs/1", "begun", QOS2);
    house.publish("jobs/1", "sent", QOS1);
    away.session.close(SessionEnd.CONNECTION_LOST, -1);
    for (int i = 0; i < 300; i++) {
      house.publish("jobs/1", "m" + i, i % 2 == 0 ? QOS1 : QOS2);
    }
    house.publish("own", "own", QOS1);
    house.crash();
    House.Client heir = house.persistent("heir").subscribe(JOBS, QOS2);
    house.timer.advance(Duration.ofSeconds(HOUR));

    assertThat(house.store.queue(Keys.queue(House.ACCOUNT, "away")).size()).isZero();
    List<String> expected = new ArrayList<>(List.of("sent"));
    IntStream.range(0, 300).forEach(i -> expected.add("m" + i));
    List<String> came = new ArrayList<>(heir.sink.texts());
    heir.sink.packetIds().forEach(heir.session::acknowledge);
    assertThat(came.subList(0, 100)).isEqualTo(expected.subList(0, 100));
    int seen = 0;
    while (came.size() < expected.size() && seen < heir.sink.delivered.size()) {
      RecordingSink.Delivered each = heir.sink.delivered.get(seen++);
      heir.session.received(each.packetId(), true);
      heir.session.complete(each.packetId());
      heir.session.acknowledge(each.packetId());
      came = heir.sink.texts();
    }
    assertThat(came).containsExactlyElementsOf(expected);
  }

  /** In one batch: a crash at any moment neither loses a message nor doubles it. */
  @Test
  void aCleanStartHandsOnFirstAndACrashBetweenLosesNothing() {
    for (int commits = 0; commits < 4; commits++) {
      House.Client away = house.persistent("away").subscribe(JOBS, QOS2);
      away.session.close(SessionEnd.CONNECTION_LOST, -1);
      for (int i = 0; i < 3; i++) {
        house.publish("jobs/1", "m" + i, QOS2);
      }
      House.Client heir = house.persistent("heir").subscribe(JOBS, QOS2);
      house.store.hold();
      var opening = house.broker.open(request("away", HOUR, true, 10, null), new RecordingSink());
      for (int i = 0; i < commits; i++) {
        house.store.releaseOnce();
      }
      assertThat(opening.toCompletableFuture().isDone()).isEqualTo(commits == 3);
      house.store.crashAfter(0);
      house.crash();
      heir = house.persistent("heir");
      List<String> came = new ArrayList<>(heir.sink.texts());
      house.connect(request("away", 0, true, 10, null)); // ends it, whatever it is
      came = heir.sink.texts();
      assertThat(came).containsExactly("m0", "m1", "m2");
      heir.session.close(SessionEnd.CLIENT_INITIATED, 0);
    }
  }

  @Test
  void whatCouldNotBeHandedOnWaitsForTheStore() {
    House.Client away = house.persistent("away").subscribe(JOBS, QOS1);
    house.publish("jobs/1", "x", QOS1);
    House.Client heir = house.persistent("heir").subscribe(JOBS, QOS1);
    house.store.failWith("disk full");
    away.session.close(SessionEnd.CONNECTION_LOST, 0);
    assertThat(done(house.broker.open(request("away", HOUR, true, 10, null), new RecordingSink())))
        .isInstanceOf(SessionOpening.Refused.class);
    house.store.failWith(null);
    house.timer.advance(Duration.ofSeconds(10));

    assertThat(heir.sink.texts()).contains("x");
    assertThat(house.store.queue(Keys.queue(House.ACCOUNT, "away")).size()).isZero();
    assertThat(house.store.table(Keys.SESSIONS).size()).isEqualTo(1);
  }

  @Test
  void membershipSurvivesAPowerCut() {
    house.persistent("a").subscribe(JOBS, QOS1);
    house.persistent("b").subscribe(JOBS, QOS1);
    house.crash();
    House.Client a = house.persistent("a");
    House.Client b = house.persistent("b");
    house.publish("jobs/1", "1", QOS1);
    house.publish("jobs/1", "2", QOS1);
    assertThat(a.sink.texts()).hasSize(1);
    assertThat(b.sink.texts()).hasSize(1);
  }

  @Test
  void retainedMessagesAreNotShared() {
    house.retain("jobs/1", "old", QOS1);
    House.Client a = house.clean("a").subscribe(JOBS, QOS1);
    house.publish("jobs/1", "new", QOS1);
    assertThat(a.sink.texts()).containsExactly("new");
  }

  @Test
  void groupGoesWithItsLastMember() {
    House.Client a = house.clean("a").subscribe(JOBS, QOS1);
    House.Client b = house.clean("b").subscribe(JOBS, QOS1);
    assertThat(done(a.session.unsubscribe(List.of(new TopicFilter(JOBS))))).containsExactly(true);
    assertThat(house.trie().size()).isEqualTo(1);
    b.session.close(SessionEnd.CLIENT_INITIATED, -1);
    assertThat(house.trie().size()).isZero();
    assertThat(house.publish("jobs/1", "x", QOS1)).isEqualTo(PublishOutcome.NO_SUBSCRIBERS);
  }

  @Test
  void aKeptSessionWithSubscriptionsOfItsOwnGetsEachMessageForEach() {
    House.Client kept =
        house
            .persistent("kept")
            .subscribe("jobs/+", QOS1)
            .subscribe("$share/one/jobs/#", QOS1)
            .subscribe("$share/two/jobs/#", QOS2)
            .subscribe("jobs/1", QOS1);
    House.Client other = house.persistent("other").subscribe("jobs/#", QOS2);
    assertThat(house.publish("jobs/1", "x", QOS1)).isEqualTo(PublishOutcome.DELIVERED);

    assertThat(kept.sink.texts()).containsExactly("x", "x", "x");
    assertThat(other.sink.texts()).containsExactly("x");
    house.crash();
    assertThat(house.persistent("kept").sink.texts()).containsExactly("x", "x", "x");
    assertThat(house.persistent("other").sink.texts()).containsExactly("x");
  }
}
