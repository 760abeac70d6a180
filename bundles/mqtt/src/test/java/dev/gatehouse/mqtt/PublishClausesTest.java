package dev.gatehouse.mqtt;

import static dev.gatehouse.mqtt.Hex.KEPT;
import static dev.gatehouse.mqtt.Hex.NO_PROPERTIES;
import static dev.gatehouse.mqtt.Hex.connect4;
import static dev.gatehouse.mqtt.Hex.connect5;
import static dev.gatehouse.mqtt.Hex.packet;
import static dev.gatehouse.mqtt.Hex.properties;
import static dev.gatehouse.mqtt.Hex.publish4;
import static dev.gatehouse.mqtt.Hex.publish5;
import static dev.gatehouse.mqtt.Hex.subscribe5;
import static dev.gatehouse.mqtt.Hex.text;
import static dev.gatehouse.mqtt.Hex.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PUBLISH, its properties, topics and retained messages (MQTT 5.0, 3.3, 4.7). */
class PublishClausesTest extends StackHarness {
  private static final int RETAIN = 1;
  private static final int RETAIN_AS_PUBLISHED = 0x08;

  private Client publisher;
  private Client subscriber;

  @BeforeEach
  void connect() throws IOException {
    publisher = join(connect5("publisher"));
    subscriber = join(connect5("subscriber"));
  }

  private void publish(String topic, String properties, String payload) throws IOException {
    publisher.send(publish5(0, topic, 0, properties, payload));
  }

  /** What the publisher sent before is with the broker. */
  private void settled() throws IOException {
    nothingCame(publisher);
  }

  @Test
  void everyPropertyIsPassedOnUnalteredAndInOrder() throws Exception {
    subscribe(subscriber, "t", 2);
    String sent =
        "0101"
            + "03"
            + text("text/plain")
            + "08"
            + text("answers/here")
            + "09 0003 00ff01"
            + user("z", "1")
            + user("a", "2")
            + user("z", "1");
    sent = sent.replace(" ", "");
    for (int qos = 0; qos < 3; qos++) {
      publisher.send(publish5(qos << 1, "t", 1, properties(sent), "x"));
      assertThat(next(subscriber).properties()).isEqualTo(sent);
      if (qos == 2) {
        publisher.send("62020001");
      }
    }
  }

  @Test
  void oldAndNewClientsUnderstandEachOther() throws Exception {
    try (Client old = join(connect4("old", true))) {
      old.send(Hex.subscribe4(1, "t", 2));
      assertThat(old.packet()).isEqualTo("9003000102");
      subscribe(subscriber, "t", 2);
      publish("t", properties("0101", user("a", "b")), "new");
      assertThat(Publish.of(4, old.packet()).payload()).isEqualTo("new");
      assertThat(next(subscriber).payload()).isEqualTo("new");
      old.send(publish4("t", 0, 0, "old"));
      assertThat(Publish.of(4, old.packet()).payload()).isEqualTo("old");
      assertThat(next(subscriber)).isEqualTo(new Publish(0, false, false, "t", 0, "", "old"));
    }
  }

  @Test
  void zeroWidthNoBreakSpaceStays() throws Exception {
    subscribe(subscriber, "\uFEFFt/#", 0);
    publish("\uFEFFt/a\uFEFF", properties(user("\uFEFF", "\uFEFFx")), "x");
    Publish received = next(subscriber);
    assertThat(received.topic()).isEqualTo("\uFEFFt/a\uFEFF");
    assertThat(received.properties()).isEqualTo(user("\uFEFF", "\uFEFFx"));
    publish("t/a", NO_PROPERTIES, "x");
    settled();
    nothingCame(subscriber);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "26 0002c328 000178", // the name of a user property is not UTF-8
        "26 000178 0002c328", // its value
        "26 000100 000178", // NUL
        "26 000178", // no value
        "08 0003 eda080", // a surrogate in the response topic
        "03 0002c328", // content type
        "09 0005 00", // longer than the packet
      })
  void propertiesThatAreNotWellFormedEndTheConnection(String property) throws Exception {
    publisher.send(publish5(0, "t", 0, properties(property), ""));
    assertThat(publisher.packet()).matches("e0..81.*");
    assertThat(publisher.packet()).isEqualTo("closed");
  }

  @ParameterizedTest
  @CsvSource({
    "0a0101, 81", // unknown
    "0b05, 82", // a client's subscription identifier
    "1100000001, 81", // of another packet
    "01010101, 82", // twice
    "0102, 82", // a payload format of 2
    "23000123 0001, 82", // two aliases
    "230000, 94",
    "230005, 94", // four are taken
  })
  void propertiesThatAreNotForAPublishEndTheConnection(String property, String reason)
      throws Exception {
    publisher.send(publish5(0, "t", 0, properties(property), ""));
    assertThat(publisher.packet()).matches("e0.." + reason + ".*");
    assertThat(publisher.packet()).isEqualTo("closed");
  }

  @ParameterizedTest
  @CsvSource({
    "a/+, 81", "#, 81", "a#, 81", "+, 81",
  })
  void aTopicWithAWildcardIsRefused(String topic, String reason) throws Exception {
    publisher.send(publish5(0, topic, 0, NO_PROPERTIES, ""));
    assertThat(publisher.packet()).matches("e0.." + reason + ".*");
    assertThat(publisher.packet()).isEqualTo("closed");
    try (Client old = join(connect4("old", true))) {
      old.send(publish4(topic, 0, 0, "x"));
      assertThat(old.packet()).isEqualTo("closed");
    }
  }

  @Test
  void anEmptyTopicWithoutAnAliasIsAProtocolError() throws Exception {
    publisher.send(publish5(0, "", 0, NO_PROPERTIES, "x"));
    assertThat(publisher.packet()).matches("e0..82.*");
    assertThat(publisher.packet()).isEqualTo("closed");
    try (Client old = join(connect4("old", true))) {
      old.send(publish4("", 0, 0, "x"));
      assertThat(old.packet()).isEqualTo("closed");
    }
  }

  @Test
  void aResponseTopicWithAWildcardIsRefused() throws Exception {
    publisher.send(publish5(0, "t", 0, properties("08" + text("a/+")), "x"));
    assertThat(publisher.packet()).matches("e0..81.*");
    assertThat(publisher.packet()).isEqualTo("closed");
  }

  @Test
  void aRequestIsAnsweredOnItsResponseTopic() throws Exception {
    subscribe(subscriber, "ask", 1);
    subscribe(publisher, "answer", 1);
    publish("ask", properties("08" + text("answer"), "09 0003 333334"), "request");
    Publish request = next(subscriber);
    assertThat(request.properties()).isEqualTo("08" + text("answer") + "090003333334");
    subscriber.send(publish5(0, "answer", 0, properties("09 0003 333334"), "response"));
    assertThat(next(publisher).properties()).isEqualTo("090003333334");
  }

  @Test
  void topicsAreMatchedByTheirCharactersAsTheyAre() throws Exception {
    String composed = "caf\u00e9";
    String decomposed = "cafe\u0301";
    subscribe(subscriber, composed, 0);
    for (String other : List.of(decomposed, "CAF\u00c9", "/" + composed, composed + "/")) {
      publish(other, NO_PROPERTIES, other);
    }
    publish(composed, NO_PROPERTIES, "this");
    assertThat(next(subscriber).payload()).isEqualTo("this");
    settled();
    nothingCame(subscriber);
  }

  @ParameterizedTest
  @CsvSource({
    "sport/tennis/player1/#, sport/tennis/player1, true",
    "sport/tennis/player1/#, sport/tennis/player1/score/wimbledon, true",
    "sport/#, sport, true",
    "#, sport/tennis, true",
    "sport/tennis/+, sport/tennis/player1, true",
    "sport/tennis/+, sport/tennis/player1/ranking, false",
    "sport/+, sport, false",
    "sport/+, sport/, true",
    "+, /finance, false",
    "+/+, /finance, true",
    "/+, /finance, true",
    "+/tennis/#, sport/tennis, true",
    "sport, Sport, false",
    "#, $other/a, false",
    "+/a, $other/a, false",
    "$other/#, $other/a, true",
    "$other/+, $other/a, true",
  })
  void filtersMatchAsTheStandardSays(String filter, String topic, boolean matches)
      throws Exception {
    subscribe(subscriber, filter, 0);
    publish(topic, NO_PROPERTIES, "x");
    settled();
    if (matches) {
      assertThat(next(subscriber).topic()).isEqualTo(topic);
    }
    nothingCame(subscriber);
  }

  @Test
  void aTopicMayHave65535BytesAndNoMore() throws Exception {
    String longest = "x".repeat(65_535);
    subscribe(subscriber, longest, 0);
    publish(longest, NO_PROPERTIES, "x");
    assertThat(next(subscriber).topic()).isEqualTo(longest);
    try (Client old = join(connect4("old", true))) {
      old.send(packet("30", "ffff" + "78".repeat(65_534)));
      assertThat(old.packet()).as("a topic shorter than it says").isEqualTo("closed");
    }
  }

  @Test
  void theLastRetainedMessageOfATopicIsKeptWithItsQos() throws Exception {
    for (int qos : new int[] {0, 1, 2}) {
      for (String text : new String[] {"old", "new"}) {
        publisher.send(publish5(qos << 1 | RETAIN, "r/" + qos, qos + 1, NO_PROPERTIES, text));
        if (qos > 0) {
          assertThat(publisher.packet()).startsWith(qos == 1 ? "40" : "50");
        }
        if (qos == 2) {
          publisher.send("62020003");
          assertThat(publisher.packet()).isEqualTo("70020003");
        }
      }
    }
    settled();
    subscribe(subscriber, "r/+", 2);
    for (int qos : new int[] {0, 1, 2}) {
      Publish received = next(subscriber);
      assertThat(received.payload()).isEqualTo("new");
      assertThat(received.qos()).isEqualTo(qos);
      assertThat(received.retain()).isTrue();
      assertThat(received.duplicate()).isFalse();
    }
  }

  @Test
  void anEmptyPayloadDeletesWhatIsRetainedAndIsDelivered() throws Exception {
    retain("r", "kept");
    subscribe(subscriber, "r", 0);
    assertThat(next(subscriber).payload()).isEqualTo("kept");
    retain("r", "");
    assertThat(next(subscriber).payload()).isEmpty();
    subscribe(subscriber, "r", 0);
    nothingCame(subscriber);
  }

  @Test
  void withoutRetainNothingIsKeptOrReplaced() throws Exception {
    publish("r", NO_PROPERTIES, "passing");
    settled();
    subscribe(subscriber, "r", 0);
    nothingCame(subscriber);
    retain("r", "kept");
    assertThat(next(subscriber).payload()).isEqualTo("kept");
    publish("r", NO_PROPERTIES, "passing");
    publish("r", NO_PROPERTIES, "");
    next(subscriber);
    next(subscriber);
    subscribe(subscriber, "r", 0);
    assertThat(next(subscriber).payload()).isEqualTo("kept");
  }

  private void retain(String topic, String payload) throws IOException {
    publisher.send(publish5(RETAIN, topic, 0, NO_PROPERTIES, payload));
    settled();
  }

  @Test
  void retainHandlingSaysWhetherRetainedMessagesAreSent() throws Exception {
    retain("r", "kept");
    subscriber.send(subscribe5(1, "r", 0x20));
    assertThat(subscriber.packet()).isEqualTo("900400010000");
    nothingCame(subscriber);
    subscriber.send(subscribe5(2, "r", 0x10));
    assertThat(subscriber.packet()).isEqualTo("900400020000");
    nothingCame(subscriber);
    subscriber.send(subscribe5(3, "+", 0x10));
    assertThat(subscriber.packet()).isEqualTo("900400030000");
    assertThat(next(subscriber).payload()).as("this one is new").isEqualTo("kept");
    for (int again = 0; again < 2; again++) {
      subscriber.send(subscribe5(4, "r", 0x00));
      assertThat(subscriber.packet()).isEqualTo("900400040000");
      assertThat(next(subscriber).payload()).isEqualTo("kept");
    }
  }

  @Test
  void retainAsPublishedKeepsTheFlag() throws Exception {
    subscribe(subscriber, "t", 0);
    publisher.send(publish5(RETAIN, "t", 0, NO_PROPERTIES, "1"));
    assertThat(next(subscriber).retain()).isFalse();
    subscriber.send(subscribe5(1, "t", RETAIN_AS_PUBLISHED | 0x20));
    assertThat(subscriber.packet()).isEqualTo("900400010000");
    publisher.send(publish5(RETAIN, "t", 0, NO_PROPERTIES, "2") + publish5("t", 0, 0, "3"));
    assertThat(next(subscriber).retain()).isTrue();
    assertThat(next(subscriber).retain()).isFalse();
  }

  @Test
  void messagesExpireWhileTheyWaitAndSayHowLongTheyLast() throws Exception {
    try (Client away = join(connect5("away", true, KEPT))) {
      subscribe(away, "t", 1);
    }
    await().untilAsserted(() -> assertThat(stand.connected()).isEqualTo(2));
    publisher.send(
        publish5(2, "t", 1, properties("02 00000001"), "short")
            + publish5(2, "t", 2, properties("02 0000000a"), "long"));
    assertThat(publisher.packet()).isEqualTo("40020001");
    assertThat(publisher.packet()).isEqualTo("40020002");
    stand.pass(Duration.ofSeconds(4));
    try (Client back = resume(connect5("away", false, KEPT))) {
      Publish received = next(back);
      assertThat(received.payload()).isEqualTo("long");
      assertThat(received.properties()).isEqualTo("0200000006");
      nothingCame(back);
    }
  }

  @Test
  void aliasesEndWithTheirConnection() throws Exception {
    subscribe(subscriber, "t", 0);
    publisher.send(
        publish5(0, "t", 0, properties("23 0004"), "1")
            + publish5(0, "", 0, properties("23 0004"), "2"));
    assertThat(next(subscriber).topic()).isEqualTo("t");
    assertThat(next(subscriber).topic()).isEqualTo("t");
    try (Client again = join(connect5("publisher"))) {
      again.send(publish5(0, "", 0, properties("23 0004"), "3"));
      assertThat(again.packet()).matches("e0..82.*");
    }
    nothingCame(subscriber);
  }

  @Test
  void noAliasComesWithoutBeingAskedForAndNoneBeyond() throws Exception {
    try (Client takesOne = join(connect5("one", true, properties("22 0001")))) {
      subscribe(takesOne, "#", 0);
      subscribe(subscriber, "#", 0);
      for (String topic : List.of("a", "b", "a")) {
        publish(topic, NO_PROPERTIES, "x");
        assertThat(next(subscriber)).isEqualTo(new Publish(0, false, false, topic, 0, "", "x"));
      }
      assertThat(next(takesOne).properties()).isEqualTo("230001");
      assertThat(next(takesOne)).isEqualTo(new Publish(0, false, false, "b", 0, "", "x"));
      assertThat(next(takesOne)).isEqualTo(new Publish(0, false, false, "", 0, "230001", "x"));
    }
  }

  @Test
  void whatIsLargerThanTheClientTakesCountsAsSent() throws Exception {
    try (Client small = join(connect5("small", true, properties("27 00000040", "21 0001")))) {
      subscribe(small, "t", 1);
      publisher.send(publish5("t", 1, 1, "x".repeat(100)) + publish5("t", 1, 2, "fits"));
      assertThat(publisher.packet()).isEqualTo("40020001");
      assertThat(publisher.packet()).isEqualTo("40020002");
      assertThat(next(small).payload()).isEqualTo("fits");
    }
  }

  /** The alias is the gateway's own, and must not cost a client its message. */
  @Test
  void whatFitsOnlyWithoutAnAliasComesWithoutOne() throws Exception {
    // 1 + 1 + (2 + 5) + 2 + 1 + 14 = 26 bytes
    try (Client small = join(connect5("small", true, properties("27 0000001a", "22 000a")))) {
      subscribe(small, "big/t", 1);
      for (int i = 0; i < 2; i++) {
        publisher.send(publish5("big/t", 1, 1, "fits exactly 1"));
        assertThat(publisher.packet()).isEqualTo("40020001");
        Publish exact = next(small);
        assertThat(exact.payload()).isEqualTo("fits exactly 1");
        assertThat(exact.properties())
            .as("with a known alias it is shorter")
            .isEqualTo(i == 0 ? "" : "230001");
        small.send(Hex.ack("40", exact.packetId()));
        publisher.send(publish5("big/t", 1, 1, "short"));
        assertThat(publisher.packet()).isEqualTo("40020001");
        Publish aliased = next(small);
        assertThat(aliased.properties()).isEqualTo("230001");
        assertThat(aliased.topic()).isEqualTo(i == 0 ? "big/t" : "");
        small.send(Hex.ack("40", aliased.packetId()));
      }
    }
    // a topic shorter than its alias
    try (Client small = join(connect5("small", true, properties("27 00000016", "22 000a")))) {
      subscribe(small, "t", 1);
      publisher.send(publish5("t", 1, 1, "x") + publish5("t", 1, 2, "fits exactly 1"));
      assertThat(next(small).payload()).isEqualTo("x");
      assertThat(next(small).payload()).isEqualTo("fits exactly 1");
    }
  }

  /** What says the same as its absence is passed on as it came [MQTT-3.3.2-4]. */
  @ParameterizedTest
  @ValueSource(strings = {"0100", "0101", "030000", "09 0000", "02 ffffffff", "26 0000 0000"})
  void aPropertyThatSaysNothingIsPassedOn(String property) throws Exception {
    String sent = property.replace(" ", "");
    subscribe(subscriber, "t", 1);
    join(connect5("away", true, KEPT)).close();
    try (Client away = resume(connect5("away", false, KEPT))) {
      subscribe(away, "t", 1);
    }
    publisher.send(publish5(2 | RETAIN, "t", 1, properties(property), "x"));
    assertThat(publisher.packet()).isEqualTo("40020001");
    assertThat(next(subscriber).properties()).isEqualTo(sent);
    stand.crash();
    try (Client away = resume(connect5("away", false, KEPT));
        Client late = join(connect5("late"))) {
      assertThat(next(away).properties()).as("from a stored queue").isEqualTo(sent);
      subscribe(late, "t", 1);
      assertThat(next(late).properties()).as("retained").isEqualTo(sent);
    }
  }

  @Test
  void aPayloadOfTheBoundIsTakenWithAnyTopic() throws Exception {
    edge.limit(MqttLimits.FULL);
    String payload = "x".repeat(1 << 20);
    for (String topic : new String[] {"big/p", "x".repeat(65_535)}) {
      try (Client client = join(connect5("large"))) {
        client.send(publish5(topic, 1, 1, payload));
        assertThat(client.packet()).isEqualTo("4003000110");
        client.send(publish5(topic, 1, 1, payload + "x"));
        assertThat(client.packet()).matches("e0..95.*");
      }
    }
  }

  @Test
  void withoutProblemInformationThereIsNoReasonString() throws Exception {
    denied.add("iot:Publish topic/no");
    try (Client terse = join(connect5("terse", true, properties("17 00")))) {
      terse.send(publish5("no", 1, 1, "x"));
      assertThat(terse.packet()).isEqualTo("4003000187");
      terse.send(publish5("no", 2, 2, "x"));
      assertThat(terse.packet()).isEqualTo("5003000287");
    }
    try (Client small = join(connect5("small", true, properties("27 00000014")))) {
      small.send(publish5("no", 1, 1, "x"));
      assertThat(small.packet()).as("no room for it").matches("40040001870?0?|4003000187");
    }
  }

  @Test
  void lengthsAreWrittenInAsFewBytesAsTheyNeed() throws Exception {
    subscribe(subscriber, "t", 0);
    for (int payload : new int[] {0, 123, 124, 16_379, 16_380}) {
      publish("t", NO_PROPERTIES, "x".repeat(payload));
      String received = subscriber.packet();
      int length = payload + 4;
      assertThat(received).startsWith("30" + variable(length) + "000174" + "00");
    }
    publish("t", properties(user("a", "x".repeat(121)), user("b", "y")), "");
    assertThat(next(subscriber).properties()).hasSize(2 * (127 + 7));
  }

  @Test
  void retainedMessagesKeepTheirProperties() throws Exception {
    publisher.send(publish5(RETAIN, "r", 0, properties(user("a", "2"), user("c", "3")), "x"));
    settled();
    subscribe(subscriber, "r", 2);
    assertThat(next(subscriber).properties()).isEqualTo(user("a", "2") + user("c", "3"));
  }
}
