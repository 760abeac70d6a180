package dev.gatehouse.broker;

import static dev.gatehouse.broker.House.QOS1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.session.SessionEnd;
import dev.gatehouse.api.time.PassedTime;
import dev.gatehouse.testkit.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The clock is set to another time: expiry counts the time that passes (MQTT 5, 3.3.2.3.3). */
class ClockJumpTest {
  private final House house = new House();
  private final ManualClock clock = house.clock;

  @AfterEach
  void stop() {
    house.close();
  }

  private void publish(String text, boolean retain) {
    Message message = house.message("a", text, QOS1, retain, House.expiring(600));
    assertThat(House.done(house.broker.publish(message)).success()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {365, 20_000, -365})
  void aQueuedMessageExpiresWhenItsTimeHasPassedAndNotWhenTheClockJumps(int days) {
    House.Client kept = house.persistent("kept").subscribe("a", QOS1);
    kept.session.close(SessionEnd.CONNECTION_LOST, -1);
    publish("first", false);
    clock.jump(Duration.ofDays(days));
    clock.advance(Duration.ofSeconds(599));
    House.Client back = house.persistent("kept");
    assertThat(back.sink.texts()).containsExactly("first");
    back.sink.delivered.forEach(each -> back.session.acknowledge(each.packetId()));
    back.session.close(SessionEnd.CONNECTION_LOST, -1);

    publish("second", false);
    clock.jump(Duration.ofDays(-days));
    clock.advance(Duration.ofSeconds(601));
    assertThat(house.persistent("kept").sink.texts()).isEmpty();
  }

  @Test
  void aRetainedMessageIsThereAfterAJumpAndGoneWhenItsTimeHasPassed() {
    PassedTime passed = PassedTime.of(clock);
    publish("kept", true);
    clock.jump(Duration.ofDays(365));
    Retained retained = house.broker.realm(House.ACCOUNT).retained;
    assertThat(retained.matching(new TopicFilter("a"), passed)).hasSize(1);
    House.Client reader = house.clean("reader").subscribe("a", QOS1);
    await().until(() -> reader.sink.texts().contains("kept"));
    clock.advance(Duration.ofSeconds(601));
    assertThat(retained.matching(new TopicFilter("a"), passed)).isEmpty();
  }
}
