package dev.gatehouse.mqtt;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.session.SessionEnd;
import dev.gatehouse.api.session.SessionSink;
import dev.gatehouse.api.session.SubscribeResult;
import dev.gatehouse.edge.StreamProtocol;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The deviations and limits of the guide ("Message Broker", "Message Broker Limits"). */
class GuideProfileTest extends EdgeHarness {
  @Override
  MqttLimits limits() {
    return MqttLimits.GUIDE;
  }

  @Test
  void qos2IsNotAnsweredAndNotDone() throws Exception {
    try (Client client = connected(CONNECT_4)) {
      client.send("3405 000161 0001" + "8206 0002 000161 02" + "c000");
      assertThat(client.packet()).isEqualTo("d000");
      assertThat(broker.messages).isEmpty();
      assertThat(broker.subscribed).isEmpty();
    }
  }

  @Test
  void retainEndsTheConnection() throws Exception {
    try (Client four = connected(CONNECT_4);
        Client five = connected(CONNECT_5)) {
      four.send("3104 000161 78");
      assertThat(four.packet()).isEqualTo("closed");
      five.send("3105 000161 00 78");
      assertThat(five.packet()).matches("e0..9a.*");
      assertThat(broker.messages).isEmpty();
    }
  }

  @Test
  void cleanSession0EndsTheConnectionAndMqtt5KeepsNothing() throws Exception {
    try (Client four = new Client();
        Client five = new Client()) {
      four.send("100d00044d5154540400003c000161");
      assertThat(four.packet()).isEqualTo("closed");
      five.send("1013 00044d515454 05 02 003c 05 1100000e10 000161");
      assertThat(five.packet())
          .as("session expiry 0, QoS 1, no retain")
          .startsWith("20")
          .contains("1100000000", "2401", "2500");
      assertThat(broker.requests.take().expirySeconds()).isZero();
    }
  }

  @Test
  void clientIdHas128BytesAndNoDollar() throws Exception {
    assertThat(connack("61".repeat(128))).isEqualTo(CONNACK_4);
    assertThat(connack("61".repeat(129))).isEqualTo("20020002");
    assertThat(connack("c3a9".repeat(64))).isEqualTo(CONNACK_4);
    assertThat(connack("c3a9".repeat(65))).isEqualTo("20020002");
    assertThat(connack("2461")).isEqualTo("20020002");
  }

  private String connack(String clientId) throws IOException {
    int bytes = clientId.length() / 2;
    try (Client client = new Client()) {
      client.send(
          "10"
              + variable(12 + bytes)
              + "00044d5154540402003c"
              + "%04x".formatted(bytes)
              + clientId);
      return client.packet();
    }
  }

  @Test
  void topicsHave256BytesAnd8Slashes() throws Exception {
    try (Client client = connected(CONNECT_5)) {
      client.send(publish("61".repeat(256)) + publish("612f".repeat(8) + "61"));
      assertThat(client.packet()).isEqualTo("40020001");
      assertThat(client.packet()).isEqualTo("40020001");
      client.send(subscribe("612f".repeat(9) + "61") + subscribe("61".repeat(257)));
      assertThat(client.packet()).isEqualTo("90040007008f");
      assertThat(client.packet()).isEqualTo("90040007008f");
      client.send(publish("612f".repeat(9) + "61"));
      assertThat(client.packet()).matches("e0..90.*");
    }
    try (Client client = connected(CONNECT_5)) {
      client.send(publish("61".repeat(257)));
      assertThat(client.packet()).matches("e0..90.*");
    }
  }

  private static String publish(String topic) {
    int bytes = topic.length() / 2;
    return "32" + variable(bytes + 5) + "%04x".formatted(bytes) + topic + "0001 00";
  }

  private static String subscribe(String filter) {
    int bytes = filter.length() / 2;
    return "82" + variable(bytes + 6) + "0007 00" + "%04x".formatted(bytes) + filter + "01";
  }

  @Test
  void keepAliveIs5To1200SecondsAnd1200WithoutOne() throws Exception {
    assertThat(serverKeepAlive(0)).isEqualTo(1_200);
    assertThat(serverKeepAlive(1)).isEqualTo(5);
    assertThat(serverKeepAlive(60)).as("as asked").isEqualTo(-1);
    assertThat(serverKeepAlive(2_000)).isEqualTo(1_200);
  }

  private int serverKeepAlive(int asked) throws IOException {
    try (Client client = new Client()) {
      client.send("100e 00044d515454 05 02" + "%04x".formatted(asked) + "00 000161");
      String connack = client.packet();
      assertThat(connack).matches("20..0000.*");
      int at = connack.indexOf("13", 10);
      while (at >= 0 && at % 2 != 0) {
        at = connack.indexOf("13", at + 1);
      }
      return at < 0 ? -1 : Integer.parseInt(connack.substring(at + 2, at + 6), 16);
    }
  }

  @Test
  void aSubscribeHas8FiltersAndASession50() throws Exception {
    try (Client client = connected(CONNECT_5)) {
      client.send("8223 0007 00" + "000161 01".repeat(8));
      assertThat(client.packet()).isEqualTo("900b000700" + "01".repeat(8));
      client.send("8227 0007 00" + "000161 01".repeat(9));
      assertThat(client.packet()).matches("e0..97.*");
    }
    broker.subscribe =
        all ->
            CompletableFuture.completedFuture(
                Collections.nCopies(all.size(), SubscribeResult.QUOTA_EXCEEDED));
    try (Client client = connected(CONNECT_4)) {
      client.send("8206 0001 000161 01");
      assertThat(client.packet()).isEqualTo("closed");
      assertThat(broker.end()).isEqualTo(SessionEnd.PROTOCOL_ERROR);
      assertThat(broker.end()).isEqualTo(SessionEnd.LIMIT_EXCEEDED);
    }
  }

  @Test
  void aPayloadHas128Kilobytes() throws Exception {
    try (Client client = connected(CONNECT_5)) {
      client.send(payload(128 << 10));
      assertThat(client.packet()).isEqualTo("40020001");
      client.send(payload((128 << 10) + 1));
      assertThat(client.packet()).matches("e0..95.*");
    }
  }

  private static String payload(int bytes) {
    return "32" + variable(bytes + 6) + "000161 0001 00" + "78".repeat(bytes);
  }

  @Test
  void oneHundredMessagesAreInFlightAtMostBothWays() throws Exception {
    broker.publish = message -> new CompletableFuture<>();
    try (Client client = connected(CONNECT_5)) {
      assertThat(broker.requests.take().receiveMaximum()).isEqualTo(100);
      client.send("3206 000161 0001 00".repeat(100) + "c000");
      assertThat(client.packet()).isEqualTo("d000");
      client.send("3206 000161 0001 00");
      assertThat(client.packet()).matches("e0..93.*");
    }
  }

  @Test
  void aFastSenderIsReadAt512KilobytesASecond() throws Exception {
    try (Client client = connected(CONNECT_4)) {
      long begun = System.nanoTime();
      for (int i = 0; i < 8; i++) {
        client.send(payload4(100 << 10));
      }
      client.send("c000");
      assertThat(client.packet()).isEqualTo("d000");
      assertThat(System.nanoTime() - begun)
          .as("800 kB less what may be ahead")
          .isGreaterThan(TimeUnit.MILLISECONDS.toNanos(1_200));
    }
  }

  private static String payload4(int bytes) {
    return "30" + variable(bytes + 3) + "000161" + "78".repeat(bytes);
  }

  @Test
  void aClientIsSent512KilobytesASecond() throws Exception {
    try (Client client = connected(CONNECT_4)) {
      SessionSink sink = broker.sink();
      Message message =
          Message.internal(ACCOUNT, "test", new TopicName("a"), Payload.of(new byte[100 << 10]), 0);
      assertThat(sink.deliver(message, QoS.AT_MOST_ONCE, 0, false, false, List.of()))
          .isEqualTo(SessionSink.Delivery.BUSY);
      assertThat(broker.resumed.poll(10, TimeUnit.SECONDS)).isNotNull();
      assertThat(client.packet()).hasSize(2 * (100 << 10) + 14);
    }
  }

  @Test
  void aWillMayNotAskForRetainOrQos2() throws Exception {
    try (Client retain = new Client();
        Client qos2 = new Client()) {
      retain.send("1013 00044d515454 04 26 003c 000161 000177 000178");
      assertThat(retain.packet()).isEqualTo("20020003");
      qos2.send("1013 00044d515454 04 16 003c 000161 000177 000178");
      assertThat(qos2.packet()).isEqualTo("20020003");
    }
  }

  @Test
  void aChangedLimitCountsForClientsThatAreConnected() throws Exception {
    try (Client client = connected(CONNECT_5)) {
      client.send(payload(1_000));
      assertThat(client.packet()).isEqualTo("40020001");
      edge.limit(
          new MqttLimits(
              true, 128, 256, 8, 1 << 20, 999, 100, 100, 8, 16, 5, 1_200, 0, 100, 5, 0, 500, false,
              32 << 20));
      client.send(payload(1_000));
      assertThat(client.packet()).matches("e0..95.*");
    }
  }

  @Test
  void aChangedLimitCountsForTopicsThatWereUsedBefore() throws Exception {
    String aliased = "3209 000161 0001 03 230001";
    try (Client same = connected(CONNECT_5);
        Client alias = connected(CONNECT_5)) {
      same.send(publish("612f61"));
      assertThat(same.packet()).isEqualTo("40020001");
      alias.send("320b 0003612f61 0001 03 230001");
      assertThat(alias.packet()).isEqualTo("40020001");
      alias.send(aliased);
      assertThat(alias.packet()).isEqualTo("40020001");
      edge.limit(
          new MqttLimits(
              true, 128, 256, 0, 1 << 20, 999, 100, 100, 8, 16, 5, 1_200, 0, 100, 5, 0, 500, false,
              32 << 20));
      same.send(publish("612f61"));
      assertThat(same.packet()).matches("e0..90.*");
      alias.send("320b 0003612f61 0001 03 230001");
      assertThat(alias.packet()).matches("e0..90.*");
    }
  }

  @Test
  void topicsThatBeginWithADollarAreForShadowsAndEventsOnly() throws Exception {
    String shadow = HexFormat.of().formatHex("$aws/things/a/shadow/get".getBytes(US_ASCII));
    try (Client client = connected(CONNECT_5)) {
      client.send(publish(shadow) + subscribe(shadow) + subscribe("2461"));
      assertThat(client.packet()).isEqualTo("40020001");
      assertThat(client.packet()).isEqualTo("900400070001");
      assertThat(client.packet()).as("$a").isEqualTo("90040007008f");
      client.send(publish("2461"));
      assertThat(client.packet()).matches("e0..90.*");
    }
  }

  @Test
  void aWillOnADollarTopicIsIgnored() throws Exception {
    String will = Hex.text("$aws/bulb") + "000178";
    try (Client client = new Client()) {
      client.send(Hex.packet("10", "00044d515454 04 06 003c 000161", will));
      assertThat(client.packet()).isEqualTo(CONNACK_4);
      assertThat(broker.requests.take().will()).isNull();
    }
  }

  @Test
  void aWebSocketConnectionLastsADay() {
    EmbeddedChannel channel =
        new EmbeddedChannel() {
          @Override
          public SocketAddress remoteAddress() {
            return new InetSocketAddress("127.0.0.1", 1);
          }
        };
    channel.freezeTime();
    edge.stream().take(channel, new StreamProtocol.Peer(WHO, "AKIA", true));
    channel.writeInbound(Unpooled.wrappedBuffer(HexFormat.of().parseHex(CONNECT_5)));
    channel.runPendingTasks();
    for (int minutes = 1; minutes < 24 * 60; minutes++) {
      channel.advanceTimeBy(1, TimeUnit.MINUTES);
      channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {(byte) 0xC0, 0}));
      channel.runPendingTasks();
    }
    assertThat(channel.isOpen()).isTrue();
    channel.advanceTimeBy(1, TimeUnit.MINUTES);
    channel.runScheduledPendingTasks();
    channel.runPendingTasks();
    assertThat(channel.isOpen()).isFalse();
    assertThat(broker.ends).containsExactly(SessionEnd.LIMIT_EXCEEDED);
    channel.finishAndReleaseAll();
  }
}
