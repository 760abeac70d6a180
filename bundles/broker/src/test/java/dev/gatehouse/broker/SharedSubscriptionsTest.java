package dev.gatehouse.broker;

import static dev.gatehouse.broker.House.QOS0;
import static dev.gatehouse.broker.House.QOS1;
import static dev.gatehouse.broker.House.QOS2;
import static dev.gatehouse.broker.House.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.message.PublishOutcome;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.session.SessionEnd;
import java.util.List;
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
