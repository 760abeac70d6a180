package dev.gatehouse.mqtt;

import static dev.gatehouse.mqtt.Hex.KEPT;
import static dev.gatehouse.mqtt.Hex.NO_PROPERTIES;
import static dev.gatehouse.mqtt.Hex.ack;
import static dev.gatehouse.mqtt.Hex.connect4;
import static dev.gatehouse.mqtt.Hex.connect5;
import static dev.gatehouse.mqtt.Hex.packet;
import static dev.gatehouse.mqtt.Hex.properties;
import static dev.gatehouse.mqtt.Hex.publish5;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Acknowledgements, redelivery, order and flow control (MQTT 5.0, 3.4 to 3.7, 4.3 to 4.6, 4.9). */
class QosClausesTest extends StackHarness {
  private static final String BACK = connect5("subscriber", false, KEPT);

  private Client publisher;
  private Client subscriber;

  @BeforeEach
  void connect() throws IOException {
    publisher = join(connect5("publisher"));
    subscriber = join(connect5("subscriber", true, KEPT));
    subscribe(subscriber, "t/#", 2);
  }

  private void publish(String topic, int qos, String payload) throws IOException {
    publisher.send(publish5(topic, qos, 9, payload));
    if (qos > 0) {
      assertThat(publisher.packet()).startsWith(qos == 1 ? "4002" : "5002");
    }
    if (qos == 2) {
      publisher.send("62020009");
      assertThat(publisher.packet()).isEqualTo("70020009");
    }
  }

  private Client back() throws IOException {
    subscriber.close();
    await().untilAsserted(() -> assertThat(stand.connected()).isEqualTo(1));
    return resume(BACK);
  }

  @Test
  void qos0HasNeitherIdNorDupNorAnswer() throws Exception {
    publish("t", 0, "x");
    assertThat(subscriber.packet()).isEqualTo("3005" + "000174" + "00" + "78");
    nothingCame(publisher);
  }

  @Test
  void dupIsNotPassedOn() throws Exception {
    publisher.send(publish5(0x0a, "t", 1, NO_PROPERTIES, "1"));
    publisher.send(publish5(0x0c, "t", 2, NO_PROPERTIES, "2"));
    assertThat(next(subscriber).duplicate()).isFalse();
    assertThat(next(subscriber).duplicate()).isFalse();
  }

  @Test
  void aQos1IdIsFreeAgainAfterItsPuback() throws Exception {
    for (String text : List.of("1", "2")) {
      publisher.send(publish5(0x0a, "t", 7, NO_PROPERTIES, text));
      assertThat(publisher.packet()).isEqualTo("40020007");
      assertThat(next(subscriber).payload()).isEqualTo(text);
    }
  }

  @Test
  void aQos2MessageIsTakenOnceUntilItsPubrel() throws Exception {
    for (int i = 0; i < 3; i++) {
      publisher.send(publish5(i == 0 ? 4 : 0x0c, "t", 7, NO_PROPERTIES, "once"));
      assertThat(publisher.packet()).isEqualTo("50020007");
    }
    for (int i = 0; i < 2; i++) {
      publisher.send("62020007");
      assertThat(publisher.packet()).isEqualTo(i == 0 ? "70020007" : "7003000792");
    }
    assertThat(next(subscriber).payload()).isEqualTo("once");
    nothingCame(subscriber);
    publisher.send(publish5(0x0c, "t", 7, NO_PROPERTIES, "another"));
    assertThat(publisher.packet()).isEqualTo("50020007");
    assertThat(next(subscriber).payload()).isEqualTo("another");
  }

  @Test
  void aRefusedQos2IdIsThatOfANewMessageAgain() throws Exception {
    denied.add("iot:Publish topic/t/no");
    publisher.send(publish5("t/no", 2, 7, "x"));
    assertThat(publisher.packet()).matches("50..000787.*");
    publisher.send(publish5("t", 2, 7, "y"));
    assertThat(publisher.packet()).isEqualTo("50020007");
    assertThat(next(subscriber).payload()).isEqualTo("y");
  }

  @Test
  void whatExpiredIsAcknowledgedToItsEnd() throws Exception {
    publisher.send(publish5(4, "t", 7, properties("02 00000001"), "x"));
    assertThat(publisher.packet()).isEqualTo("50020007");
    stand.pass(Duration.ofSeconds(5));
    publisher.send(publish5(0x0c, "t", 7, properties("02 00000001"), "x") + "62020007");
    assertThat(publisher.packet()).isEqualTo("50020007");
    assertThat(publisher.packet()).isEqualTo("70020007");
  }

  @ParameterizedTest
  @CsvSource({"1", "2"})
  void whatIsNotAcknowledgedComesAgainWithItsIdAndDup(int qos) throws Exception {
    publish("t", qos, "x");
    Publish first = next(subscriber);
    assertThat(first.duplicate()).isFalse();
    assertThat(first.packetId()).isPositive();
    nothingCame(subscriber);
    subscriber = back();
    assertThat(next(subscriber))
        .isEqualTo(new Publish(qos, true, false, "t", first.packetId(), "", "x"));
    nothingCame(subscriber);
  }

  @Test
  void expiryDoesNotEndAMessageThatWasSent() throws Exception {
    for (int qos = 1; qos < 3; qos++) {
      publisher.send(publish5(qos << 1, "t", qos, properties("02 00000001"), "x" + qos));
      assertThat(publisher.packet()).startsWith(qos == 1 ? "40" : "50");
    }
    int first = next(subscriber).packetId();
    int second = next(subscriber).packetId();
    stand.pass(Duration.ofSeconds(5));
    subscriber = back();
    assertThat(next(subscriber))
        .isEqualTo(new Publish(1, true, false, "t", first, "0200000000", "x1"));
    assertThat(next(subscriber))
        .isEqualTo(new Publish(2, true, false, "t", second, "0200000000", "x2"));
  }

  @Test
  void afterPubrecOnlyPubrelComesAgain() throws Exception {
    publish("t", 2, "x");
    int id = next(subscriber).packetId();
    subscriber.send(ack("50", id));
    assertThat(subscriber.packet()).isEqualTo(ack("62", id));
    subscriber = back();
    assertThat(subscriber.packet()).isEqualTo(ack("62", id));
    subscriber.send(ack("70", id));
    nothingCame(subscriber);
    subscriber = back();
    nothingCame(subscriber);
  }

  @Test
  void whatTheClientRefusedDoesNotComeAgain() throws Exception {
    publish("t", 1, "1");
    publish("t", 2, "2");
    subscriber.send(ack("40", next(subscriber).packetId(), 0x80));
    subscriber.send(ack("50", next(subscriber).packetId(), 0x97));
    nothingCame(subscriber);
    subscriber = back();
    nothingCame(subscriber);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "4003 0001 01",
        "4003 0001 92",
        "5003 0001 8e",
        "6203 0001 80",
        "7003 0001 10",
        "4004 0001 00 05",
        "6003 0001 00",
        "6102 0001",
        "4002 0000",
        "5001 00",
        "4104 0001 00 00",
        "400e 0001 00 0a 1f 0002 7878 1f 0002 7878",
        "4006 0001 00 02 0101"
      })
  void anAcknowledgementThatIsWrongEndsTheConnection(String wrong) throws Exception {
    subscriber.send(wrong);
    assertThat(subscriber.packet()).matches("e0..8[12].*");
    assertThat(subscriber.packet()).isEqualTo("closed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "4002 7fff",
        "4003 7fff 10",
        "4004 7fff 00 00",
        "5003 7fff 91",
        "7002 7fff",
        "7003 7fff 92",
        "4010 7fff 00 0c 1f 0002 7878 26 0001 61 0001 62"
      })
  void unknownIdsAreIgnored(String unknown) throws Exception {
    subscriber.send(unknown);
    nothingCame(subscriber);
  }

  @Test
  void anUnknownPubrecIsAnsweredWithItsReason() throws Exception {
    subscriber.send("5002 7fff");
    assertThat(subscriber.packet()).isEqualTo("62037fff92");
  }

  @Test
  void messagesKeepTheOrderInWhichTheyWerePublished() throws Exception {
    List<String> sent = new ArrayList<>();
    StringBuilder stream = new StringBuilder();
    for (int i = 1; i <= 90; i++) {
      stream.append(publish5("t/" + i % 3, 1 + i / 46, i, "m" + i));
      sent.add("m" + i);
    }
    publisher.send(stream.toString());
    List<String> received = new ArrayList<>();
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < 90; i++) {
      Publish one = next(subscriber);
      received.add(one.payload());
      ids.add(one.packetId());
    }
    assertThat(received).isEqualTo(sent);
    assertThat(ids).doesNotHaveDuplicates();
    for (int i = 1; i <= 90; i++) {
      assertThat(publisher.packet()).isEqualTo(ack(i < 46 ? "40" : "50", i));
    }
    subscriber = back();
    for (int i = 0; i < 90; i++) {
      Publish one = next(subscriber);
      assertThat(one.payload()).isEqualTo(sent.get(i));
      assertThat(one.packetId()).isEqualTo(ids.get(i));
      assertThat(one.duplicate()).isTrue();
    }
  }

  @Test
  void noMoreIsSentThanTheClientTakesAndOtherPacketsStillAre() throws Exception {
    try (Client narrow = join(connect5("narrow", true, properties("21 0002")))) {
      subscribe(narrow, "n", 2);
      for (int i = 1; i <= 4; i++) {
        publish("n", i == 2 ? 2 : 1, "m" + i);
      }
      int first = next(narrow).packetId();
      int second = next(narrow).packetId();
      nothingCame(narrow);
      subscribe(narrow, "other", 0);
      publish("other", 0, "flows");
      assertThat(next(narrow).payload()).isEqualTo("flows");
      narrow.send(publish5("x", 1, 1, "y"));
      assertThat(narrow.packet()).isEqualTo("4003000110");

      narrow.send(ack("40", first));
      int third = next(narrow).packetId();
      narrow.send(ack("50", second));
      assertThat(narrow.packet()).isEqualTo(ack("62", second));
      nothingCame(narrow);
      narrow.send(ack("70", second));
      assertThat(next(narrow).payload()).isEqualTo("m4");
      narrow.send(ack("40", third));
      nothingCame(narrow);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"c100", "2002 0000", "9003 0001 00", "b002 0001", "d000", "0000", "f100"})
  void whatIsMalformedOrTheServersEndsTheConnection(String packet) throws Exception {
    publisher.send(packet);
    assertThat(publisher.packet()).matches("e0..8[12].*");
    assertThat(publisher.packet()).isEqualTo("closed");
    try (Client old = join(connect4("old", true))) {
      old.send(packet);
      assertThat(old.packet()).isEqualTo("closed");
    }
  }

  @Test
  void aPingIsAnswered() throws Exception {
    publisher.send("c000");
    assertThat(publisher.packet()).isEqualTo("d000");
    publisher.send(packet("c0", "00"));
    assertThat(publisher.packet()).as("with a byte left over").matches("e0..81.*");
  }

  @Test
  void aKeptSessionsQosSurvivesARestartOfTheBroker() throws Exception {
    publish("t", 1, "1");
    publish("t", 2, "2");
    int one = next(subscriber).packetId();
    int two = next(subscriber).packetId();
    subscriber.send(ack("50", two));
    assertThat(subscriber.packet()).isEqualTo(ack("62", two));
    assertThat(one).isPositive();
    stand.crash();
    try (Client back = resume(BACK)) {
      List<String> came = List.of(back.packet(), back.packet());
      assertThat(came).contains(ack("62", two));
      assertThat(came).anyMatch(packet -> packet.startsWith("3a"));
      nothingCame(back);
    }
  }
}
