package dev.gatehouse.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.message.PublishOutcome;
import dev.gatehouse.api.session.SessionEnd;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How much a client may have under way, and when it is given up. */
class EdgeFlowTest extends EdgeHarness {
  private static final int RECEIVE_MAXIMUM = 3;

  @Test
  void oldClientIsNotReadWhileTooMuchIsUnanswered() throws Exception {
    CompletableFuture<PublishOutcome> stage = new CompletableFuture<>();
    broker.publish = message -> stage;
    try (Client client = connected(CONNECT_4)) {
      StringBuilder tenAtOnce = new StringBuilder();
      for (int id = 1; id <= 10; id++) {
        tenAtOnce.append("3205 000161").append("%04x".formatted(id));
      }
      client.send(tenAtOnce.toString());
      for (int i = 0; i < RECEIVE_MAXIMUM; i++) {
        assertThat(broker.messages.poll(10, TimeUnit.SECONDS)).isNotNull();
      }
      assertThat(broker.messages.poll(200, TimeUnit.MILLISECONDS)).as("the fourth").isNull();
      stage.complete(PublishOutcome.DELIVERED);
      for (int id = 1; id <= 10; id++) {
        assertThat(client.packet()).isEqualTo("4002" + "%04x".formatted(id));
      }
    }
  }

  @Test
  void newClientThatExceedsReceiveMaximumIsDisconnected() throws Exception {
    broker.publish = message -> new CompletableFuture<>();
    try (Client client = connected(CONNECT_5)) {
      for (int id = 1; id <= RECEIVE_MAXIMUM + 1; id++) {
        client.send("3206 000161" + "%04x".formatted(id) + "00");
      }
      assertThat(client.packet()).matches("e0..93.*");
      assertThat(client.packet()).isEqualTo("closed");
    }
  }

  @Test
  void clientThatIsHeldBackIsNotTakenForSilent() throws Exception {
    CompletableFuture<PublishOutcome> stage = new CompletableFuture<>();
    broker.publish = message -> stage;
    try (Client client = connected(CONNECT_4.replace("003c", "0001"))) {
      client.send("3205 000161 0001" + "3205 000161 0002" + "3205 000161 0003" + "c000");
      assertThat(broker.ends.poll(2_500, TimeUnit.MILLISECONDS)).as("its end").isNull();
      stage.complete(PublishOutcome.DELIVERED);
      assertThat(client.packet()).isEqualTo("40020001");
      assertThat(client.packet()).isEqualTo("40020002");
      assertThat(client.packet()).isEqualTo("40020003");
      assertThat(client.packet()).isEqualTo("d000");
    }
  }

  @Test
  void silentClientIsDisconnectedAfterOneAndAHalfKeepAlives() throws Exception {
    try (Client client = connected(CONNECT_5.replace("003c", "0001"))) {
      assertThat(client.packet()).matches("e0..8d.*");
      assertThat(broker.end()).isEqualTo(SessionEnd.KEEP_ALIVE_TIMEOUT);
    }
  }

  @Test
  void clientThatSaysNothingIsClosedAfterTheTimeToConnect() throws Exception {
    try (Client client = new Client()) {
      assertThat(client.packet()).isEqualTo("closed");
    }
  }

  @Test
  void unsubscribeThatFailsDoesNotLookLikeSuccess() throws Exception {
    broker.unsubscribe =
        all -> CompletableFuture.failedFuture(new IllegalStateException("no disk"));
    try (Client four = connected(CONNECT_4);
        Client five = connected(CONNECT_5)) {
      four.send("a205 0001 000161");
      assertThat(four.packet()).isEqualTo("closed");
      five.send("a206 0001 00 000161");
      assertThat(five.packet()).isEqualTo("b004000100" + "80");
    }
  }

  @Test
  void disconnectCannotKeepASessionThatEndsWithItsConnection() throws Exception {
    try (Client client = connected(CONNECT_5)) {
      client.send("e007 00 05 1100000e10");
      assertThat(client.packet()).matches("e0..82.*");
      assertThat(broker.end()).isEqualTo(SessionEnd.PROTOCOL_ERROR);
    }
  }

  @Test
  void disconnectMayChangeHowLongAKeptSessionStays() throws Exception {
    String keptForAnHour = "101300044d5154540502003c051100000e10000161";
    try (Client client = connected(keptForAnHour)) {
      client.send("e007 00 05 1100000e11");
      assertThat(client.packet()).isEqualTo("closed");
      assertThat(broker.end()).isEqualTo(SessionEnd.CLIENT_INITIATED);
      assertThat(broker.expiry).isEqualTo(3601);
    }
  }
}
