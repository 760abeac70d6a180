package dev.gatehouse.mqtt;

import static dev.gatehouse.mqtt.Hex.KEPT;
import static dev.gatehouse.mqtt.Hex.NO_PROPERTIES;
import static dev.gatehouse.mqtt.Hex.ack;
import static dev.gatehouse.mqtt.Hex.connect4;
import static dev.gatehouse.mqtt.Hex.connect5;
import static dev.gatehouse.mqtt.Hex.packet;
import static dev.gatehouse.mqtt.Hex.properties;
import static dev.gatehouse.mqtt.Hex.publish5;
import static dev.gatehouse.mqtt.Hex.text;
import static dev.gatehouse.mqtt.Hex.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.api.identity.Authentication;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.TopicName;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients do to break in or to break others; a bystander always goes on. */
class AbuseTest extends StackHarness {
  private Client bystander;

  @BeforeEach
  void watch() throws IOException {
    bystander = join(connect5("bystander"));
    subscribe(bystander, "calm", 1);
  }

  @AfterEach
  void onlyTheOffenderSuffered() throws IOException {
    bystander.send(publish5("calm", 0, 0, "still here"));
    assertThat(next(bystander).payload()).isEqualTo("still here");
    assertThat(edge.failures()).isZero();
  }

  private void gone(int connected) {
    await().untilAsserted(() -> assertThat(stand.connected()).isEqualTo(connected));
  }

  // identity and policy

  @ParameterizedTest
  @ValueSource(
      strings = {
        "+",
        "#",
        "/",
        "*",
        "?",
        "${iot:ClientId}",
        "$x",
        ".*|",
        "a/../b",
        "cafe\u0301",
        "caf\u00e9",
        "CAF\u00c9",
        "\u202e",
        "a b",
        "\"}{\"",
        "%2f"
      })
  void aStrangeClientIdIsTakenAsItIs(String id) throws Exception {
    denied.add("iot:Connect client/" + id);
    try (Client refused = new Client()) {
      refused.send(connect5(id));
      assertThat(refused.packet()).as("asked for by its very name").matches("20..0087.*");
    }
    denied.clear();
    try (Client client = join(connect5(id, true, KEPT))) {
      subscribe(client, "t", 1);
      assertThat(stand.connected()).isEqualTo(2);
    }
    gone(1);
    resume(connect5(id, false, KEPT)).close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0001 00", "0002 c0af", "0002 c328", "0003 eda080", "0004 f4908080"})
  void aClientIdThatIsNoTextIsClosed(String id) throws Exception {
    try (Client client = new Client()) {
      client.send(packet("10", "00044d51545405 02 003c 00", id));
      assertThat(client.packet()).isEqualTo("closed");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "#, #",
    "+/+, +/+",
    "$share/g/#, #",
    "$share/g/a/+, a/+",
    "$SHARE/g/a, $SHARE/g/a",
    "$SYS/#, $SYS/#"
  })
  void aFilterIsAuthorisedAsWhatItMatches(String filter, String asked) throws Exception {
    denied.add("iot:Subscribe topicfilter/" + asked);
    try (Client client = join(connect5("a"))) {
      client.send(Hex.subscribe5(1, filter, 0));
      assertThat(client.packet()).isEqualTo("900400010087");
    }
  }

  @Test
  void devicesDoNotSeeTheGatewaysFiguresUnlessThatIsSet() throws Exception {
    try (Client device = join(connect5("device"))) {
      for (String filter : List.of("$SYS/#", "$share/g/$SYS/#", "$SYS")) {
        device.send(Hex.subscribe5(1, filter, 0));
        assertThat(device.packet()).isEqualTo("900400010087");
      }
      subscribe(device, "#", 0);
      authentication =
          new Authentication.Accepted(new Principal.User(ACCOUNT, "operator", "AIDAEXAMPLE"));
      try (Client operator = join(connect5("operator"))) {
        subscribe(operator, "$SYS/#", 0);
        stand
            .bus()
            .publish(
                Message.internal(
                    ACCOUNT, "test", new TopicName("$SYS/gatehouse/x"), Payload.ofText("1"), 0));
        assertThat(next(operator).payload()).isEqualTo("1");
      }
      nothingCame(device);
    }
  }

  @Test
  void whatMayNotBeReceivedIsNotHoweverItWouldCome() throws Exception {
    try (Client publisher = join(connect5("publisher"))) {
      Client victim = join(connect5("victim", true, KEPT));
      subscribe(victim, "s/#", 2);
      subscribe(victim, "$share/g/s/#", 1);
      publisher.send(publish5("s/1", 1, 1, "under way") + publish5(3, "s/1", 2, "00", "kept"));
      assertThat(publisher.packet()).isEqualTo("40020001");
      assertThat(publisher.packet()).isEqualTo("40020002");
      for (int i = 0; i < 4; i++) {
        next(victim);
      }
      victim.close();
      gone(2);
      publisher.send(publish5("s/1", 1, 3, "queued"));
      assertThat(publisher.packet()).isEqualTo("40020003");

      denied.add("iot:Receive topic/s/1");
      try (Client back = resume(connect5("victim", false, KEPT))) {
        nothingCame(back);
        subscribe(back, "+/1", 1);
        nothingCame(back);
        publisher.send(publish5("s/1", 1, 4, "live") + publish5("s/2", 1, 5, "another"));
        assertThat(next(back).payload()).isEqualTo("another");
        assertThat(next(back).payload()).as("shared").isEqualTo("another");
        nothingCame(back);
      }
    }
  }

  @Test
  void aRetainedMessageNeedsARightMore() throws Exception {
    denied.add("iot:RetainPublish topic/t");
    try (Client client = join(connect5("a"))) {
      String retained = "33" + publish5("t", 1, 1, "x").substring(2);
      client.send(retained);
      assertThat(client.packet()).matches("40..000187.*");
      client.send(publish5("t", 1, 2, "x"));
      assertThat(client.packet()).isEqualTo("4003000210");
      denied.clear();
      client.send(retained);
      assertThat(client.packet()).isEqualTo("4003000110");
    }
  }

  @Test
  void rightsThatAreRevokedCountFromTheNextPacket() throws Exception {
    try (Client client = join(connect5("a"))) {
      client.send(publish5("t", 1, 1, "x"));
      assertThat(client.packet()).isEqualTo("4003000110");
      denied.add("iot:Publish topic/t");
      client.send(publish5("t", 1, 2, "x"));
      assertThat(client.packet()).matches("40..000287.*");
      client.send(publish5("t", 2, 3, "x"));
      assertThat(client.packet()).matches("50..000387.*");
      denied.clear();
      client.send(publish5("t", 2, 4, "x"));
      assertThat(client.packet()).isEqualTo("5003000410");
      denied.add("iot:Publish topic/t");
      client.send("62020004");
      assertThat(client.packet()).as("what was taken is completed").isEqualTo("70020004");
    }
  }

  @Test
  void aWillThatIsForbiddenMeanwhileIsNotPublished() throws Exception {
    subscribe(bystander, "will", 1);
    String will = properties("18 0000003c") + text("will") + text("gone");
    join(connect5("a", KEPT, 4, will)).close();
    gone(1);
    denied.add("iot:Publish topic/will");
    stand.pass(Duration.ofSeconds(100));
    nothingCame(bystander);
    try (Client client = new Client()) {
      client.send(connect5("b", NO_PROPERTIES, 4, NO_PROPERTIES + text("will") + text("gone")));
      assertThat(client.packet()).as("forbidden from the start").matches("20..0087.*");
    }
  }

  @Test
  void aWillOnAReservedTopicIsIgnored() throws Exception {
    subscribe(bystander, "$aws/#", 1);
    join(connect5("a", NO_PROPERTIES, 4, NO_PROPERTIES + text("$aws/x") + text("gone"))).close();
    gone(1);
    bystander.send(publish5("calm", 0, 0, "now"));
    String seen = bystander.packet();
    while (!seen.endsWith(Hex.bytes("now"))) {
      assertThat(Publish.of(5, seen).topic()).startsWith("$aws/events/");
      seen = bystander.packet();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"$aws/events/presence/connected/x", "$aws/things/other/shadow/update", "$SYS/a"})
  void nobodyPublishesWhatTheGatewayOwns(String topic) throws Exception {
    if (!topic.startsWith("$SYS")) { // nobody hears that, either
      subscribe(bystander, topic, 1);
    }
    try (Client client = join(connect5("a"))) {
      client.send(publish5(topic, 1, 1, "forged"));
      assertThat(client.packet()).matches("40..000183.*");
      client.send(publish5(3, topic, 2, NO_PROPERTIES, "forged"));
      assertThat(client.packet()).matches("40..000283.*");
    }
    subscribe(bystander, "#", 0);
    nothingCame(bystander);
  }

  // protocol

  @Test
  void tenThousandUserPropertiesEndTheConnection() throws Exception {
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      many.append(user("k", "v"));
    }
    try (Client client = join(connect5("a"))) {
      client.send(publish5(0, "t", 0, properties(many.toString()), "x"));
      assertThat(client.packet()).matches("e0..97.*");
    }
    try (Client client = new Client()) {
      client.send(connect5("a", true, properties(many.toString())));
      assertThat(client.packet()).as("more than is read of CONNECT").matches("20..0095.*");
    }
  }

  @Test
  void aPacketOf256MegabytesIsRefusedFromItsFirstBytes() throws Exception {
    try (Client before = new Client();
        Client after = join(connect5("a"))) {
      before.send("10 ffffff7f");
      assertThat(before.packet()).isEqualTo("closed");
      after.send("30 ffffff7f");
      assertThat(after.packet()).matches("e0..95.*");
    }
  }

  @Test
  void aTopicOfThirtyThousandLevelsIsRefusedAndHarmless() throws Exception {
    String deep = "/".repeat(30_000);
    try (Client client = join(connect5("a"))) {
      client.send(Hex.subscribe5(1, deep, 0));
      assertThat(client.packet()).isEqualTo("90040001008f");
      client.send(publish5(deep, 0, 0, "x"));
      assertThat(client.packet()).matches("e0..90.*");
    }
  }

  @Test
  @Timeout(60)
  void allPacketIdsMayBeOpenInQos2() throws Exception {
    try (Client old = join(connect4("old", true))) {
      for (int id = 1; id <= 65_535; id += 4_369) {
        StringBuilder stream = new StringBuilder();
        for (int i = id; i < id + 4_369; i++) {
          stream.append(Hex.publish4("t", 2, i, ""));
        }
        old.send(stream.toString());
        for (int i = id; i < id + 4_369; i++) {
          assertThat(old.packet()).isEqualTo(ack("50", i));
        }
      }
      old.send("6202ffff");
      assertThat(old.packet()).isEqualTo("7002ffff");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "11 ffffffff",
        "11 fffffffe",
        "21 ffff",
        "22 ffff",
        "27 ffffffff",
        "19 01",
        "17 01"
      })
  void extremeValuesAreTakenAsTheyAreMeant(String property) throws Exception {
    try (Client client = join(connect5("a", true, properties(property)))) {
      nothingCame(client);
    }
    gone(1);
    stand.pass(Duration.ofDays(365 * 10));
    boolean kept = property.startsWith("11");
    try (Client again = new Client()) {
      again.send(connect5("a", false, NO_PROPERTIES));
      assertThat(again.packet()).matches(kept ? "20..0100.*" : "20..0000.*");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"210000", "2700000000", "1702", "1902", "1100000001 1100000002", "1500", "2401"})
  void valuesThatAreNoneAreClosedAsMalformed(String property) throws Exception {
    try (Client client = new Client()) {
      client.send(connect5("a", true, properties(property)));
      assertThat(client.packet()).isEqualTo("closed");
    }
  }

  @Test
  void extremeExpiriesOfMessagesAndWillsAreTaken() throws Exception {
    subscribe(bystander, "t", 1);
    try (Client client =
        join(
            connect5(
                "a",
                properties("11 ffffffff"),
                4,
                properties("18 ffffffff", "02 ffffffff") + text("t") + text("x")))) {
      client.send(publish5(2, "t", 1, properties("02 ffffffff"), "x"));
      assertThat(client.packet()).isEqualTo("40020001");
      assertThat(next(bystander).properties()).isEqualTo("02ffffffff");
      client.send(publish5(2, "t", 2, properties("02 00000000"), "now or never"));
      assertThat(client.packet()).isEqualTo("40020002");
    }
    bystander.send("c000");
    String last = bystander.packet();
    assertThat(last.equals("d000") || bystander.packet().equals("d000")).isTrue();
  }

  @Test
  @Timeout(120)
  void aStormOfOneClientIdThatPublishesAndUnsubscribesLeavesNothingBehind() throws Exception {
    long end =
        System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.getLong("gatehouse.stormSeconds", 3));
    AtomicInteger connects = new AtomicInteger();
    List<Thread> storm =
        List.of(new Thread(() -> storm(end, connects)), new Thread(() -> storm(end, connects)));
    storm.forEach(Thread::start);
    int round = 0;
    while (storm.stream().anyMatch(Thread::isAlive)) {
      bystander.send(publish5("calm", 1, 1, "m" + round));
      String first = bystander.packet();
      String second = bystander.packet();
      Publish publish = Publish.of(5, first.startsWith("3") ? first : second);
      assertThat(publish.payload()).isEqualTo("m" + round++);
      bystander.send(ack("40", publish.packetId()));
    }
    for (Thread thread : storm) {
      thread.join();
    }
    assertThat(connects.get()).isGreaterThan(20);
    await() // the last of them may still be on their way
        .untilAsserted(
            () -> {
              try (Client last = new Client()) {
                last.send(connect4("storm", true) + "e000");
                assertThat(last.packet()).isEqualTo(SUCCESS_4);
              }
              gone(1);
              assertThat(stand.metric("broker_sessions")).isEqualTo(1);
            });
    assertThat(stand.metric("broker_subscriptions")).isEqualTo(1);
    assertThat(stand.metric("broker_buffered_bytes")).isZero();
  }

  private void storm(long end, AtomicInteger connects) {
    while (System.nanoTime() - end < 0) {
      try (Client client = new Client()) {
        client.send(
            connect5("storm", connects.get() % 5 == 0, KEPT)
                + Hex.subscribe5(1, "storm/#", 2)
                + publish5("storm/a", 2, 2, "x")
                + Hex.unsubscribe5(3, "storm/#")
                + publish5("storm/a", 1, 4, "y"));
        if (client.packet().startsWith("20")) {
          connects.incrementAndGet();
        }
      } catch (IOException takenOver) {
        // by the other thread, as it should be
        continue;
      }
    }
  }
}
