package dev.gatehouse.mqtt;

import static dev.gatehouse.mqtt.Hex.KEPT;
import static dev.gatehouse.mqtt.Hex.NO_PROPERTIES;
import static dev.gatehouse.mqtt.Hex.connect4;
import static dev.gatehouse.mqtt.Hex.connect5;
import static dev.gatehouse.mqtt.Hex.packet;
import static dev.gatehouse.mqtt.Hex.properties;
import static dev.gatehouse.mqtt.Hex.publish5;
import static dev.gatehouse.mqtt.Hex.subscribe5;
import static dev.gatehouse.mqtt.Hex.text;
import static dev.gatehouse.mqtt.Hex.unsubscribe5;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.broker.BrokerStand;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SUBSCRIBE, UNSUBSCRIBE and shared subscriptions (MQTT 5.0, 3.8 to 3.11, 4.7, 4.8). */
class SubscribeClausesTest extends StackHarness {
  private static final int NO_LOCAL = 0x04;

  private Client publisher;
  private Client subscriber;

  @Override
  BrokerStand newStand() {
    return new BrokerStand(5, 500, 100, true);
  }

  @BeforeEach
  void connect() throws IOException {
    publisher = join(connect5("publisher"));
    subscriber = join(connect5("subscriber"));
  }

  private void publish(String topic, int qos, String payload) throws IOException {
    publisher.send(publish5(topic, qos, 9, payload));
    if (qos > 0) {
      assertThat(publisher.packet()).startsWith(qos == 1 ? "40" : "50");
    }
    if (qos == 2) {
      publisher.send("62020009");
      assertThat(publisher.packet()).isEqualTo("70020009");
    }
    nothingCame(publisher);
  }

  @ParameterizedTest
  @CsvSource({
    "80, 000161 00, 81", // flags
    "83, 000161 00, 81",
    "82, '', 82", // no filter
    "82, 000161, 81", // without its options
    "82, 000161 03, 81", // QoS 3
    "82, 000161 30, 81", // retain handling 3
    "82, 000161 40, 81", // reserved bits
    "82, 000161 80, 81",
    "82, 0002c328 00, 81", // not UTF-8
    "82, 000100 00, 81", // NUL
  })
  void aSubscribeThatIsNotWellFormedEndsTheConnection(String first, String rest, String reason)
      throws Exception {
    subscriber.send(packet(first, "0001", NO_PROPERTIES, rest));
    assertThat(subscriber.packet()).matches("e0.." + reason + ".*");
    assertThat(subscriber.packet()).isEqualTo("closed");
  }

  @ParameterizedTest
  @CsvSource({
    "80, 000161 00",
    "82, ''",
    "82, 000161",
    "82, 000161 03",
    "82, 000161 04",
    "82, 0002c328 00",
    "a0, 000161",
    "a2, ''",
    "a2, 0002c328"
  })
  void whatAnOldClientDoesWrongEndsTheConnection(String first, String rest) throws Exception {
    try (Client old = join(connect4("old", true))) {
      old.send(packet(first, "0001", rest));
      assertThat(old.packet()).isEqualTo("closed");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "a0, 000161, 81", // flags
    "a2, '', 82", // no filter
    "a2, 0002c328, 81", // not UTF-8
  })
  void anUnsubscribeThatIsNotWellFormedEndsTheConnection(String first, String rest, String reason)
      throws Exception {
    subscriber.send(packet(first, "0001", NO_PROPERTIES, rest));
    assertThat(subscriber.packet()).matches("e0.." + reason + ".*");
    assertThat(subscriber.packet()).isEqualTo("closed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a#",
        "a/#/b",
        "#/a",
        "a+",
        "+a",
        "a/b+/c",
        "a/+b",
        "$share/g",
        "$share//a",
        "$share/g/",
        "$share/g+/a",
        "$share/#/a",
        "$share/"
      })
  void aFilterThatIsNoneEndsTheConnection(String filter) throws Exception {
    subscriber.send(subscribe5(1, filter, 0));
    assertThat(subscriber.packet()).matches("e0..81.*");
    assertThat(subscriber.packet()).isEqualTo("closed");
    try (Client old = join(connect4("old", true))) {
      old.send(Hex.subscribe4(1, filter, 0));
      assertThat(old.packet()).isEqualTo("closed");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"+", "#", "/", "/#", "+/+", "a/+/b", "a//b", "$share/g/#", "$SHARE/g"})
  void filtersWithWildcardsAtTheirPlacesAreTaken(String filter) throws Exception {
    subscribe(subscriber, filter, 1);
  }

  @Test
  void theAnswerHasTheIdAndOneCodeForEachFilterInOrder() throws Exception {
    denied.add("iot:Subscribe topicfilter/no");
    subscriber.send(
        packet("82", "abcd", NO_PROPERTIES, text("0"), "00", text("no"), "02", text("1"), "01"));
    assertThat(subscriber.packet()).isEqualTo("9006abcd00" + "00" + "87" + "01");
    subscriber.send(
        packet(
            "82",
            "0001",
            NO_PROPERTIES,
            text("2"),
            "02",
            text("3"),
            "00",
            text("4"),
            "00",
            text("5"),
            "00"));
    assertThat(subscriber.packet()).as("five are taken").isEqualTo("9007000100" + "0200" + "0097");
    subscriber.send(unsubscribe5(0xfffe, "1", "never", "2"));
    assertThat(subscriber.packet()).isEqualTo("b006fffe00" + "00" + "11" + "00");
    try (Client old = join(connect4("old", true))) {
      old.send(packet("82", "0007", text("a"), "02", text("no"), "00", text("b"), "00"));
      assertThat(old.packet()).isEqualTo("90050007" + "02" + "80" + "00");
      old.send(packet("a2", "0008", text("a"), text("never")));
      assertThat(old.packet()).isEqualTo("b0020008");
    }
  }

  @ParameterizedTest
  @CsvSource({"0,0", "0,1", "0,2", "1,0", "1,1", "1,2", "2,0", "2,1", "2,2"})
  void theQosIsTheLowerOfTheMessagesAndTheGranted(int sent, int granted) throws Exception {
    subscribe(subscriber, "t", granted);
    publish("t", sent, "x");
    assertThat(next(subscriber).qos()).isEqualTo(Math.min(sent, granted));
  }

  @Test
  void theSameFilterReplacesTheSubscriptionAndLosesNothing() throws Exception {
    try (Client kept = join(connect5("kept", true, KEPT))) {
      subscribe(kept, "t", 1);
    }
    publish("t", 1, "waiting");
    try (Client kept = resume(connect5("kept", false, KEPT))) {
      kept.send(subscribe5(1, properties("0b 07"), "t", 2));
      String first = kept.packet();
      String second = kept.packet();
      assertThat(first.startsWith("9") ? first : second).isEqualTo("900400010002");
      assertThat(Publish.of(5, first.startsWith("9") ? second : first).payload())
          .isEqualTo("waiting");
      publish("t", 2, "now");
      Publish now = next(kept);
      assertThat(now.qos()).isEqualTo(2);
      assertThat(now.properties()).as("the new identifier").isEqualTo("0b07");
      kept.send(unsubscribe5(2, "t"));
      assertThat(kept.packet()).as("there is one only").isEqualTo("b004000200" + "00");
      publish("t", 1, "later");
      nothingCame(kept);
    }
  }

  @Test
  void overlappingSubscriptionsMakeOneMessageOfTheHighestQosWithAllIdentifiers() throws Exception {
    subscriber.send(subscribe5(1, properties("0b 01"), "t/#", 0));
    assertThat(subscriber.packet()).isEqualTo("900400010000");
    subscriber.send(subscribe5(2, properties("0b ffffff7f"), "t/+", 2));
    assertThat(subscriber.packet()).isEqualTo("900400020002");
    subscriber.send(subscribe5(3, "t/a", 1));
    assertThat(subscriber.packet()).isEqualTo("900400030001");
    publish("t/a", 2, "x");
    Publish received = next(subscriber);
    assertThat(received.qos()).isEqualTo(2);
    assertThat(received.properties()).isIn("0b010bffffff7f", "0bffffff7f0b01");
    nothingCame(subscriber);
  }

  @Test
  void retainedMessagesHaveTheIdentifierToo() throws Exception {
    publisher.send(publish5(1, "t", 0, NO_PROPERTIES, "kept"));
    nothingCame(publisher);
    subscriber.send(subscribe5(1, properties("0b 05"), "t", 0));
    assertThat(subscriber.packet()).isEqualTo("900400010000");
    assertThat(next(subscriber).properties()).isEqualTo("0b05");
  }

  @Test
  void noLocalKeepsBackWhatTheClientItselfPublished() throws Exception {
    subscribe(publisher, "t", NO_LOCAL);
    subscribe(subscriber, "t", NO_LOCAL);
    publish("t", 0, "x");
    assertThat(next(subscriber).payload()).isEqualTo("x");
    nothingCame(publisher);
    publisher.send(subscribe5(1, "$share/g/t", NO_LOCAL));
    assertThat(publisher.packet()).matches("e0..82.*");
  }

  @Test
  void unsubscribingEndsWhatComesAndNotWhatIsUnderWay() throws Exception {
    subscribe(subscriber, "t/+", 2);
    subscribe(subscriber, "t/a", 2);
    publish("t/a", 2, "under way");
    Publish underWay = next(subscriber);
    subscriber.send(unsubscribe5(1, "t/#", "T/+", "t/+"));
    assertThat(subscriber.packet()).isEqualTo("b006000100" + "1111" + "00");
    subscriber.send(unsubscribe5(2, "t/a"));
    assertThat(subscriber.packet()).isEqualTo("b004000200" + "00");
    publish("t/a", 2, "after");
    nothingCame(subscriber);
    subscriber.send(Hex.ack("50", underWay.packetId()));
    assertThat(subscriber.packet()).isEqualTo(Hex.ack("62", underWay.packetId()));
    subscriber.send(Hex.ack("70", underWay.packetId()));
    nothingCame(subscriber);
  }

  @Test
  void aSharedMessageOfQos2IsCompletedWithTheClientThatGotIt() throws Exception {
    Client first = join(connect5("first", true, KEPT));
    subscribe(first, "$share/g/t", 2);
    publish("t", 2, "x");
    Publish received = next(first);
    first.close();
    org.awaitility.Awaitility.await()
        .untilAsserted(() -> assertThat(stand.connected()).isEqualTo(2));
    subscribe(subscriber, "$share/g/t", 2);
    nothingCame(subscriber);
    try (Client back = resume(connect5("first", false, KEPT))) {
      Publish again = next(back);
      assertThat(again.packetId()).isEqualTo(received.packetId());
      assertThat(again.duplicate()).isTrue();
    }
    org.awaitility.Awaitility.await()
        .untilAsserted(() -> assertThat(stand.connected()).isEqualTo(2));
    join(connect5("first", true, NO_PROPERTIES)).close();
    nothingCame(subscriber);
  }

  @Test
  void aSharedMessageThatAClientRefusesGoesToNobodyElse() throws Exception {
    try (Client other = join(connect5("other"))) {
      subscribe(subscriber, "$share/g/t", 1);
      subscribe(other, "$share/g/t", 2);
      for (String refusal : new String[] {"40", "50"}) {
        publish("t", refusal.equals("40") ? 1 : 2, "x");
      }
      Publish one = next(subscriber);
      assertThat(one.qos()).as("each has its own QoS").isEqualTo(1);
      subscriber.send(Hex.ack("40", one.packetId(), 0x80));
      Publish two = next(other);
      assertThat(two.qos()).isEqualTo(2);
      other.send(Hex.ack("50", two.packetId(), 0x83));
      nothingCame(subscriber);
      nothingCame(other);
    }
  }
}
