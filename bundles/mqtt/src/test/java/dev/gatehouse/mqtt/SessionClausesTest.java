package dev.gatehouse.mqtt;

import static dev.gatehouse.mqtt.Hex.KEPT;
import static dev.gatehouse.mqtt.Hex.NO_PROPERTIES;
import static dev.gatehouse.mqtt.Hex.connect4;
import static dev.gatehouse.mqtt.Hex.connect5;
import static dev.gatehouse.mqtt.Hex.packet;
import static dev.gatehouse.mqtt.Hex.properties;
import static dev.gatehouse.mqtt.Hex.publish5;
import static dev.gatehouse.mqtt.Hex.text;
import static dev.gatehouse.mqtt.Hex.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long sessions live, wills, and DISCONNECT (MQTT 5.0, 3.1.2.5, 3.14, 4.1). */
class SessionClausesTest extends StackHarness {
  private static final int WILL = 0x04;
  private static final int RETAIN = 0x20;

  /** A subscriber to the topic of wills. */
  private Client watcher() throws IOException {
    Client watcher = join(connect5("watcher"));
    subscribe(watcher, "will", 2);
    return watcher;
  }

  private static String will(String properties) {
    return properties + text("will") + text("gone");
  }

  private void gone(int connected) {
    await().untilAsserted(() -> assertThat(stand.connected()).isEqualTo(connected));
  }

  @Test
  void aSessionEndsWhenItsExpiryPassedAndNotBefore() throws Exception {
    join(connect5("a", true, KEPT)).close();
    gone(0);
    stand.pass(Duration.ofSeconds(3_599));
    try (Client again = resume(connect5("a", false, KEPT))) {
      stand.pass(Duration.ofSeconds(7_200));
      nothingCame(again);
    }
    gone(0);
    stand.pass(Duration.ofSeconds(3_600));
    join(connect5("a", false, KEPT)).close();
  }

  @Test
  void aSessionWithoutAnExpiryEndsWithItsConnection() throws Exception {
    join(connect5("a", true, NO_PROPERTIES)).close();
    gone(0);
    join(connect5("a", false, NO_PROPERTIES)).close();
  }

  @Test
  void aSessionThatEndsWithItsConnectionIsNotTakenOver() throws Exception {
    join(connect5("a", true, KEPT)).close();
    gone(0);
    try (Client last = resume(connect5("a", false, NO_PROPERTIES));
        Client next = join(connect5("a", false, KEPT))) {
      assertThat(last.packet()).matches("e0..8e.*");
      nothingCame(next);
    }
  }

  @Test
  void anOldSessionThatIsNotCleanIsKeptForEver() throws Exception {
    join(connect4("a", false)).close();
    gone(0);
    stand.pass(Duration.ofDays(10_000));
    resume(connect4("a", false)).close();
  }

  @Test
  void disconnectChangesTheExpiry() throws Exception {
    try (Client client = join(connect5("a", true, properties("11 00000001")))) {
      client.send(packet("e0", "00", properties("11 00000005")));
      assertThat(client.packet()).isEqualTo("closed");
    }
    stand.pass(Duration.ofSeconds(3));
    try (Client client = resume(connect5("a", false, properties("11 00000001")))) {
      client.send(packet("e0", "00", properties("11 00000000")));
      assertThat(client.packet()).isEqualTo("closed");
    }
    join(connect5("a", false, NO_PROPERTIES)).close();
  }

  @Test
  void aLostConnectionPublishesTheWillOnceWithItsQosAndProperties() throws Exception {
    try (Client watcher = watcher()) {
      String properties = properties("01 01", user("b", "1"), user("a", "2"), user("b", "3"));
      join(connect5("a", NO_PROPERTIES, WILL | 0x10, will(properties))).close();
      Publish will = next(watcher);
      assertThat(will.payload()).isEqualTo("gone");
      assertThat(will.qos()).isEqualTo(2);
      assertThat(will.retain()).isFalse();
      assertThat(will.properties())
          .isEqualTo("0101" + user("b", "1") + user("a", "2") + user("b", "3"));
      gone(1);
      join(connect5("a")).close();
      gone(1);
      nothingCame(watcher);
      subscribe(watcher, "will/#", 0);
      nothingCame(watcher);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "8, 1", "16, 2"})
  void aWillHasItsQos(int flags, int qos) throws Exception {
    try (Client watcher = watcher()) {
      join(connect5("a", NO_PROPERTIES, WILL | flags, will(NO_PROPERTIES))).close();
      assertThat(next(watcher).qos()).isEqualTo(qos);
    }
  }

  @Test
  void aWillWithRetainIsKeptAndOneWithoutIsNot() throws Exception {
    join(connect5("a", NO_PROPERTIES, WILL, will(NO_PROPERTIES))).close();
    gone(0);
    try (Client watcher = watcher()) {
      nothingCame(watcher);
      join(connect5("a", NO_PROPERTIES, WILL | RETAIN, will(NO_PROPERTIES))).close();
      assertThat(next(watcher).retain()).as("to who is there").isFalse();
      subscribe(watcher, "will", 0);
      assertThat(next(watcher).retain()).isTrue();
    }
  }

  @Test
  void aGoodbyeDiscardsTheWill() throws Exception {
    try (Client watcher = watcher()) {
      for (String goodbye : new String[] {"e000", "e00100", "e0020000"}) {
        try (Client client = join(connect5("a", NO_PROPERTIES, WILL, will(NO_PROPERTIES)))) {
          client.send(goodbye + publish5("will", 0, 0, "after"));
          assertThat(client.packet()).isEqualTo("closed");
        }
      }
      try (Client four =
          join(packet("10", "00044d51545404 06 003c 000161", text("will"), "000178"))) {
        four.send("e000");
        assertThat(four.packet()).isEqualTo("closed");
      }
      gone(1);
      nothingCame(watcher);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"04", "80", "81", "82", "83", "90", "93", "94", "95", "96", "97", "98", "99"})
  void aDisconnectWithAnotherReasonPublishesTheWill(String reason) throws Exception {
    try (Client watcher = watcher();
        Client client = join(connect5("a", NO_PROPERTIES, WILL, will(NO_PROPERTIES)))) {
      client.send("e001" + reason);
      assertThat(client.packet()).isEqualTo("closed");
      assertThat(next(watcher).payload()).isEqualTo("gone");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"e10100", "e00103", "e0018e", "e0020005", "e003000019"})
  void aDisconnectThatIsWrongIsAnsweredWithItsReasonAndPublishesTheWill(String disconnect)
      throws Exception {
    try (Client watcher = watcher();
        Client client = join(connect5("a", NO_PROPERTIES, WILL, will(NO_PROPERTIES)))) {
      client.send(disconnect);
      assertThat(client.packet()).matches("e0..8[12].*");
      assertThat(client.packet()).isEqualTo("closed");
      assertThat(next(watcher).payload()).isEqualTo("gone");
    }
  }

  @Test
  void aDelayedWillComesAfterItsDelayUnlessTheClientIsBack() throws Exception {
    String delayed = will(properties("18 0000003c"));
    try (Client watcher = watcher()) {
      join(connect5("a", KEPT, WILL, delayed)).close();
      gone(1);
      stand.pass(Duration.ofSeconds(59));
      nothingCame(watcher);
      Client back = resume(connect5("a", false, KEPT));
      stand.pass(Duration.ofSeconds(600));
      nothingCame(watcher);
      back.close();
      gone(1);
      stand.pass(Duration.ofSeconds(600));
      nothingCame(watcher);

      join(connect5("b", KEPT, WILL, delayed)).close();
      gone(1);
      stand.pass(Duration.ofSeconds(60));
      assertThat(next(watcher).payload()).isEqualTo("gone");
    }
  }

  /** Its session has ended, whatever came first (3.1.2.5; the comment in 3.1.4). */
  @Test
  void aCleanStartWithinTheDelayPublishesTheWill() throws Exception {
    String delayed = will(properties("18 0000003c"));
    try (Client watcher = watcher()) {
      join(connect5("a", KEPT, WILL, delayed)).close();
      gone(1);
      try (Client back = join(connect5("a", true, KEPT))) {
        assertThat(next(watcher).payload()).isEqualTo("gone");
        nothingCame(back);
      }
      gone(1);
      stand.pass(Duration.ofSeconds(600));
      nothingCame(watcher);
    }
  }

  @Test
  void aWillOfAKeptSessionSurvivesACrash() throws Exception {
    try (Client watcher = join(connect5("watcher", true, KEPT))) {
      subscribe(watcher, "will", 2);
    }
    Client lost = join(connect5("a", KEPT, WILL | 0x08, will(properties("01 01"))));
    Client denied = join(connect5("b", KEPT, WILL | 0x08, NO_PROPERTIES + text("no") + text("no")));
    this.denied.add("iot:Publish topic/no");
    stand.crash();
    try (Client watcher = resume(connect5("watcher", false, KEPT))) {
      Publish will = next(watcher);
      assertThat(will.payload()).isEqualTo("gone");
      assertThat(will.properties()).isEqualTo("0101");
      subscribe(watcher, "no", 0);
      nothingCame(watcher);
    }
    lost.close();
    denied.close();
  }

  @Test
  void theEndOfItsSessionPublishesADelayedWill() throws Exception {
    String delayed = will(properties("18 0000003c"));
    try (Client watcher = watcher()) {
      join(connect5("a", NO_PROPERTIES, WILL, delayed)).close();
      assertThat(next(watcher).payload()).isEqualTo("gone");
      join(connect5("b", properties("11 00000002"), WILL, delayed)).close();
      gone(1);
      stand.pass(Duration.ofSeconds(2));
      assertThat(next(watcher).payload()).isEqualTo("gone");
    }
  }

  @Test
  void aSilentClientIsTakenForLost() throws Exception {
    try (Client watcher = watcher();
        Client silent =
            join(packet("10", "00044d51545405 06 0001 00 000161", will(NO_PROPERTIES)))) {
      assertThat(next(watcher).payload()).isEqualTo("gone");
      assertThat(silent.packet()).matches("e0..8d.*");
      assertThat(silent.packet()).isEqualTo("closed");
    }
  }

  @Test
  void afterItsDisconnectNothingComesFromTheServer() throws Exception {
    try (Client client = join(connect5("a"))) {
      subscribe(client, "#", 0);
      client.send("c100" + publish5("t", 0, 0, "x"));
      assertThat(client.packet()).as("malformed, and no session expiry").matches("e0..81..1f.*");
      assertThat(client.packet()).isEqualTo("closed");
    }
  }

  @Test
  void aWillKeepsTheLimitsOfMessages() throws Exception {
    edge.limit(
        new MqttLimits(
            false, 65_535, 20, 2, 1 << 20, 10, 100, 1_000, 1_000, 4, 0, 1_200, 0, 100, 5, 0, 500,
            false, 32 << 20));
    String[] wills = {
      text("a/b/c/d") + text("x"), text("x".repeat(21)) + text("x"), text("w") + text("01234567890")
    };
    String[] reasons = {"90", "90", "95"};
    for (int i = 0; i < wills.length; i++) {
      try (Client client = new Client()) {
        client.send(connect5("a", NO_PROPERTIES, WILL, NO_PROPERTIES + wills[i]));
        assertThat(client.packet()).matches("20..00" + reasons[i] + ".*");
        assertThat(client.packet()).isEqualTo("closed");
      }
    }
    try (Client client = new Client()) {
      client.send(connect5("a", NO_PROPERTIES, WILL, NO_PROPERTIES + text("a/+") + text("x")));
      assertThat(client.packet()).as("a wildcard").matches("20..0081.*");
    }
  }
}
