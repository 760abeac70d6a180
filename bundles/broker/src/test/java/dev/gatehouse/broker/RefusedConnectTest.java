package dev.gatehouse.broker;

import static dev.gatehouse.broker.House.HOUR;
import static dev.gatehouse.broker.House.QOS1;
import static dev.gatehouse.broker.House.done;
import static dev.gatehouse.broker.House.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.message.PublishOutcome;
import dev.gatehouse.api.session.SessionEnd;
import dev.gatehouse.api.session.SessionOpening;
import dev.gatehouse.api.session.SessionOpening.Reason;
import dev.gatehouse.api.session.SessionRequest;
import dev.gatehouse.api.session.SubscribeResult;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The store cannot take a CONNECT, which is refused: nothing is to be lost by that. */
class RefusedConnectTest {
  private House house = new House();

  @AfterEach
  void stop() {
    house.close();
  }

  private Reason refusal(SessionRequest request) {
    SessionOpening opening = done(house.broker.open(request, new RecordingSink()));
    assertThat(opening).isInstanceOf(SessionOpening.Refused.class);
    return ((SessionOpening.Refused) opening).reason();
  }

  /** A kept session with a subscription and a message that waits for it. */
  private void keepWithAMessage(String clientId) {
    House.Client client = house.persistent(clientId).subscribe("a", QOS1);
    client.session.close(SessionEnd.CLIENT_INITIATED, -1);
    assertThat(house.publish("a", "waits", QOS1)).isEqualTo(PublishOutcome.DELIVERED);
  }

  private void assertTheMessageIsStillThere(String clientId) {
    House.Client back = house.persistent(clientId);
    assertThat(back.present).isTrue();
    assertThat(back.sink.texts()).contains("waits");
    assertThat(house.publish("a", "more", QOS1)).isEqualTo(PublishOutcome.DELIVERED);
  }

  @Test
  void aRefusalLeavesTheKeptSessionAsItWas() {
    for (SessionRequest refused :
        List.of(
            request("bulb", 0, false, 100, null),
            request("bulb", 0, true, 100, null),
            request("bulb", HOUR, true, 100, null),
            request("bulb", HOUR, false, 100, null))) {
      try (House fresh = new House()) {
        house = fresh;
        keepWithAMessage("bulb");
        house.store.failWith("Input/output error");
        assertThat(refusal(refused)).isEqualTo(Reason.STORE_UNAVAILABLE);
        house.timer.advance(Duration.ofSeconds(60));
        house.store.failWith(null);
        house.timer.advance(Duration.ofSeconds(60));
        assertTheMessageIsStillThere("bulb");
      }
    }
  }

  @Test
  void aRefusalLeavesTheKeptSessionAsItWasForTheNextStartToo() {
    keepWithAMessage("bulb");
    house.store.failWith("Input/output error");
    assertThat(refusal(request("bulb", HOUR, true, 100, null))).isEqualTo(Reason.STORE_UNAVAILABLE);
    house.store.failWith(null);
    house.crash();
    assertTheMessageIsStillThere("bulb");
  }

  @Test
  void onAFullDiskAKnownSessionComesBackForWhatWaitsAndANewOneDoesNot() {
    keepWithAMessage("bulb");
    house.store.full(true);
    assertThat(refusal(request("new", HOUR))).isEqualTo(Reason.STORE_UNAVAILABLE);
    House.Client back = house.persistent("bulb");
    assertThat(back.present).isTrue();
    assertThat(back.sink.texts()).contains("waits");
    back.subscribe("a", QOS1);
    assertThat(done(back.subscribe(List.of(House.wish("b", QOS1)))))
        .containsExactly(SubscribeResult.STORE_UNAVAILABLE);
  }
}
