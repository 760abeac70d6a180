package dev.gatehouse.mqtt;

import static dev.gatehouse.api.message.PublishOutcome.NO_SUBSCRIBERS;
import static dev.gatehouse.api.message.PublishOutcome.STORE_UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.identity.Authentication;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.PublishOutcome;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.session.SessionEnd;
import dev.gatehouse.api.session.SessionOpening;
import dev.gatehouse.api.session.SessionSink;
import dev.gatehouse.edge.StreamProtocol;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultChannelId;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The edge over a loopback socket, byte by byte. */
class EdgeProtocolTest extends EdgeHarness {
  @Test
  void connectIsAcceptedInBothVersions() throws Exception {
    try (Client four = new Client();
        Client five = new Client()) {
      four.send(CONNECT_4);
      assertThat(four.packet()).isEqualTo(CONNACK_4);
      five.send(CONNECT_5);
      assertThat(five.packet()).startsWith("20").contains("210003", "220004");
    }
  }

  @Test
  void refusedClientsAreToldTheCodeOfTheirVersion() throws Exception {
    authentication =
        new Authentication.Refused(Authentication.Reason.ANONYMOUS_NOT_ALLOWED, "nobody may");
    try (Client four = new Client();
        Client five = new Client()) {
      four.send(CONNECT_4);
      assertThat(four.packet()).isEqualTo("20020005");
      assertThat(four.packet()).isEqualTo("closed");
      five.send(CONNECT_5);
      assertThat(five.packet()).matches("20..0087.*");
      assertThat(five.packet()).isEqualTo("closed");
    }
  }

  @Test
  void aClientThatIsRegisteredOnSightIsClosedAndMayComeAgain() throws Exception {
    authentication = new Authentication.Registered("0".repeat(64));
    try (Client four = new Client();
        Client five = new Client()) {
      four.send(CONNECT_4);
      assertThat(four.packet()).isEqualTo("closed");
      five.send(CONNECT_5);
      assertThat(five.packet()).matches("20..0083.*");
      assertThat(five.packet()).isEqualTo("closed");
    }
  }

  @Test
  void packetsBehindConnectAreServedAfterConnack() throws Exception {
    try (Client client = new Client()) {
      client.send(CONNECT_4 + "c000");
      assertThat(client.packet()).isEqualTo(CONNACK_4);
      assertThat(client.packet()).isEqualTo("d000");
    }
  }

  @Test
  void firstPacketThatIsNotConnectIsClosedWithoutAWord() throws Exception {
    try (Client client = new Client()) {
      client.send("c000");
      assertThat(client.packet()).isEqualTo("closed");
    }
  }

  @Test
  void secondConnectEndsTheConnection() throws Exception {
    try (Client client = connected(CONNECT_5)) {
      client.send(CONNECT_5);
      assertThat(client.packet()).matches("e0..82.*");
      assertThat(client.packet()).isEqualTo("closed");
      assertThat(broker.end()).isEqualTo(SessionEnd.PROTOCOL_ERROR);
    }
  }

  @Test
  void whatAClientStillSendsAfterItsDisconnectIsTakenForAWhile() throws Exception {
    try (Client client = connected(CONNECT_5)) {
      client.send(CONNECT_5);
      assertThat(client.packet()).matches("e0..82.*");
      assertThat(client.packet()).isEqualTo("closed");
      for (int i = 0; i < 3; i++) {
        client.send("c000"); // to a connection that is closed both ways the second one fails
      }
      assertThat(client.packet()).isEqualTo("closed");
    }
  }

  @Test
  void pubacksKeepTheOrderOfThePublicationsAndWaitForTheStage() throws Exception {
    CompletableFuture<PublishOutcome> first = new CompletableFuture<>();
    broker.publish =
        message ->
            message.topic().value().equals("a")
                ? first
                : CompletableFuture.completedFuture(PublishOutcome.DELIVERED);
    try (Client client = connected(CONNECT_4)) {
      client.send("3205 000161 0001" + "3205 000162 0002" + "c000");
      assertThat(client.packet()).as("no PUBACK yet").isEqualTo("d000");
      first.complete(PublishOutcome.DELIVERED);
      assertThat(client.packet()).isEqualTo("40020001");
      assertThat(client.packet()).isEqualTo("40020002");
    }
  }

  @Test
  void deniedPublicationIsAnsweredInItsTurn() throws Exception {
    denied.add("iot:Publish topic/b");
    CompletableFuture<PublishOutcome> first = new CompletableFuture<>();
    broker.publish = message -> first;
    try (Client client = connected(CONNECT_5)) {
      client.send("3206 000161 0001 00" + "3206 000162 0002 00" + "c000");
      assertThat(client.packet()).as("PUBACKs wait").isEqualTo("d000");
      first.complete(PublishOutcome.DELIVERED);
      assertThat(client.packet()).isEqualTo("40020001");
      assertThat(client.packet()).matches("40..000287.*");
    }
  }

  @Test
  void deniedPublicationEndsAnMqtt311Client() throws Exception {
    denied.add("iot:Publish topic/a");
    try (Client client = connected(CONNECT_4)) {
      client.send("3205 000161 0001");
      assertThat(client.packet()).isEqualTo("closed");
      assertThat(broker.end()).isEqualTo(SessionEnd.NOT_AUTHORIZED);
      assertThat(broker.messages).isEmpty();
    }
  }

  @Test
  void publicationThatFailsIsNotLeftWithoutAnAnswer() throws Exception {
    broker.publish = message -> CompletableFuture.failedFuture(new IllegalStateException("broken"));
    try (Client client = connected(CONNECT_5)) {
      client.send("3206 000161 0001 00" + "c000");
      assertThat(client.packet()).as("before PINGRESP").isNotEqualTo("d000");
    }
  }

  @Test
  void subscriptionThatFailsIsNotLeftWithoutAnAnswer() throws Exception {
    broker.subscribe = all -> CompletableFuture.failedFuture(new IllegalStateException("broken"));
    try (Client client = connected(CONNECT_4)) {
      client.send("8206 0001 000161 00" + "c000");
      assertThat(client.packet()).as("before PINGRESP").isNotEqualTo("d000");
    }
  }

  @Test
  void unclaimedReservedTopicIsRefused() throws Exception {
    broker.publish =
        message -> CompletableFuture.completedFuture(PublishOutcome.RESERVED_TOPIC_UNCLAIMED);
    try (Client five = connected(CONNECT_5);
        Client four = connected(CONNECT_4)) {
      five.send("3206 000161 0001 00");
      assertThat(five.packet()).matches("40..000183.*");
      four.send("3205 000161 0001");
      assertThat(four.packet()).isEqualTo("closed");
    }
  }

  @Test
  void reasonOfALongTopicIsStillAWellFormedPacket() throws Exception {
    broker.publish =
        message -> CompletableFuture.completedFuture(PublishOutcome.RESERVED_TOPIC_UNCLAIMED);
    try (Client client = connected(CONNECT_5)) {
      int length = 65_530;
      String topic = "61".repeat(length);
      client.send("32" + variable(length + 5) + "%04x".formatted(length) + topic + "0001 00");
      byte[] puback = HexFormat.of().parseHex(client.packet());
      int body = puback.length;
      int at = 1;
      while (puback[at++] < 0) {} // the remaining length
      at += 3; // id and reason
      int properties = 0;
      int shift = 0;
      do {
        properties |= (puback[at] & 0x7F) << shift;
        shift += 7;
      } while (puback[at++] < 0);
      assertThat(properties).isEqualTo(body - at);
      int text = (puback[at + 1] & 0xFF) << 8 | puback[at + 2] & 0xFF;
      assertThat(text).as("the length of the reason string").isEqualTo(properties - 3);
    }
  }

  @Test
  void eachFilterOfASubscribeHasItsAnswer() throws Exception {
    denied.add("iot:Subscribe topicfilter/b");
    denied.add("iot:Subscribe topicfilter/c");
    String filters =
        "000161 01  000162 01  000a 2473686172652f672f61 01  000a 2473686172652f672f63 01";
    try (Client four = connected(CONNECT_4);
        Client five = connected(CONNECT_5)) {
      four.send("8224 0007" + filters);
      assertThat(four.packet()).isEqualTo("90060007" + "01" + "80" + "01" + "80");
      five.send("8225 0007 00" + filters);
      assertThat(five.packet()).isEqualTo("9007000700" + "01" + "87" + "01" + "87");
    }
  }

  @Test
  void sharedSubscriptionMustBeWellFormedAndNotNoLocal() throws Exception {
    try (Client client = connected(CONNECT_5)) {
      client.send("8210 0007 00 000a 2473686172652f672f61 05");
      assertThat(client.packet()).as("No Local").matches("e0..82.*");
    }
    try (Client client = connected(CONNECT_5)) {
      client.send("820e 0007 00 0008 2473686172652f67 01");
      assertThat(client.packet()).as("$share/g").matches("e0..81.*");
    }
  }

  @Test
  void qos2MessageIsTakenInTwoSteps() throws Exception {
    try (Client four = connected(CONNECT_4);
        Client five = connected(CONNECT_5)) {
      four.send("3405 000161 0001" + "62020001");
      assertThat(four.packet()).isEqualTo("50020001");
      assertThat(four.packet()).isEqualTo("70020001");
      broker.publish = message -> CompletableFuture.completedFuture(NO_SUBSCRIBERS);
      five.send("3406 000161 0002 00");
      assertThat(five.packet()).isEqualTo("5003000210");
      broker.release = CompletableFuture.completedFuture(false);
      five.send("62020003");
      assertThat(five.packet()).isEqualTo("7003000392");
    }
    assertThat(broker.told).containsExactly("publish 1", "release 1", "publish 2", "release 3");
    assertThat(broker.messages).extracting(Message::qos).containsOnly(QoS.EXACTLY_ONCE);
  }

  @Test
  void pubcompWaitsForTheReleaseAndAFailureEndsTheConnection() throws Exception {
    CompletableFuture<Boolean> release = new CompletableFuture<>();
    broker.release = release;
    try (Client client = connected(CONNECT_5)) {
      client.send("62020001" + "c000");
      assertThat(client.packet()).as("no PUBCOMP yet").isEqualTo("d000");
      release.completeExceptionally(new IllegalStateException("disk full"));
      assertThat(client.packet()).matches("e0..83.*");
      assertThat(client.packet()).isEqualTo("closed");
    }
  }

  @Test
  void refusedQos2MessageIsToldInPubrec() throws Exception {
    denied.add("iot:Publish topic/b");
    broker.publish = message -> CompletableFuture.completedFuture(STORE_UNAVAILABLE);
    try (Client five = connected(CONNECT_5);
        Client four = connected(CONNECT_4)) {
      five.send("3406 000161 0001 00" + "3406 000162 0002 00");
      assertThat(five.packet()).matches("50..000197.*");
      assertThat(five.packet()).matches("50..000287.*");
      four.send("3405 000161 0001");
      assertThat(four.packet()).isEqualTo("closed");
    }
  }

  @Test
  void deliveryOfQos2GoesThroughItsSteps() throws Exception {
    try (Client client = connected(CONNECT_5)) {
      SessionSink sink = broker.sink();
      Message message =
          Message.internal(ACCOUNT, "test", new TopicName("a"), Payload.ofText("x"), 0);
      sink.deliver(message, QoS.EXACTLY_ONCE, 9, false, true, List.of());
      assertThat(client.packet()).isEqualTo("3c07" + "000161" + "0009" + "00" + "78");
      client.send("50020009" + "5003000a80" + "c000");
      assertThat(client.packet()).isEqualTo("d000");
      sink.release(9);
      assertThat(client.packet()).isEqualTo("62020009");
      client.send("70020009");
      broker.known = false;
      client.send("5002000b" + "5003000c80" + "4002000d" + "c000");
      assertThat(client.packet()).as("unknown").isEqualTo("6203000b92");
      assertThat(client.packet()).isEqualTo("d000");
    }
    assertThat(broker.told)
        .containsExactly(
            "received 9 true",
            "received 10 false",
            "complete 9",
            "received 11 true",
            "received 12 false",
            "acknowledge 13");
  }

  @Test
  void unreleasedMessagesCountAgainstReceiveMaximum() throws Exception {
    try (Client client = connected(CONNECT_5)) {
      client.send("3406 000161 0001 00" + "3406 000161 0002 00" + "3406 000161 0003 00");
      client.send("62020002" + "3406 000161 0004 00");
      for (String answer : List.of("50020001", "50020002", "50020003", "70020002", "50020004")) {
        assertThat(client.packet()).isEqualTo(answer);
      }
      client.send("3206 000161 0005 00");
      assertThat(client.packet()).as("the fourth").matches("e0..93.*");
    }
  }

  @Test
  void topicAliasStandsForItsTopicAndAnUnknownOneIsRefused() throws Exception {
    try (Client client = connected(CONNECT_5)) {
      client.send("3208 0000 0009 03 230001");
      assertThat(client.packet()).as("not set").matches("e0..82.*");
    }
    try (Client client = connected(CONNECT_5)) {
      client.send("3209 000161 0001 03 230002" + "3208 0000 0002 03 230002");
      assertThat(client.packet()).isEqualTo("40020001");
      assertThat(client.packet()).isEqualTo("40020002");
      assertThat(broker.messages).extracting(Message::topic).containsOnly(new TopicName("a"));
      client.send("3209 000161 0001 03 230005");
      assertThat(client.packet()).as("too high").matches("e0..94.*");
    }
  }

  @Test
  void theClientsFirstTopicsGetAliasesIfItTakesThem() throws Exception {
    try (Client client = connected("1011 00044d515454 05 02 003c 03 220002 000161")) {
      SessionSink sink = broker.sink();
      for (String topic : List.of("a", "b", "c", "a", "c", "b")) {
        deliver(sink, topic);
      }
      assertThat(client.packet()).as("a = 1").isEqualTo("3008" + "000161" + "03230001" + "78");
      assertThat(client.packet()).as("b = 2").isEqualTo("3008" + "000162" + "03230002" + "78");
      assertThat(client.packet()).as("no third").isEqualTo("3005" + "000163" + "00" + "78");
      assertThat(client.packet()).isEqualTo("3007" + "0000" + "03230001" + "78");
      assertThat(client.packet()).isEqualTo("3005" + "000163" + "00" + "78");
      assertThat(client.packet()).isEqualTo("3007" + "0000" + "03230002" + "78");
    }
  }

  @Test
  void whatMayNotBeReceivedIsNotSent() throws Exception {
    denied.add("iot:Receive topic/b");
    try (Client client = connected(CONNECT_4)) {
      SessionSink sink = broker.sink();
      assertThat(deliver(sink, "b")).isEqualTo(SessionSink.Delivery.REFUSED);
      assertThat(deliver(sink, "a")).isEqualTo(SessionSink.Delivery.SENT);
      assertThat(client.packet()).isEqualTo("3004" + "000161" + "78");
    }
  }

  private static SessionSink.Delivery deliver(SessionSink sink, String topic) {
    Message message =
        Message.internal(ACCOUNT, "test", new TopicName(topic), Payload.ofText("x"), 0);
    return sink.deliver(message, QoS.AT_MOST_ONCE, 0, false, false, List.of());
  }

  @Test
  void invalidatedPrincipalIsDisconnected() throws Exception {
    try (Client client = connected(CONNECT_5)) {
      edge.invalidated(WHO, "revoked");
      assertThat(client.packet()).matches("e0..98.*");
      assertThat(client.packet()).isEqualTo("closed");
    }
  }

  @Test
  void whatWasSignedWithAWithdrawnKeyEndsAndNothingElse() {
    EmbeddedChannel connected = signedWith("AKIAONE");
    connected.writeInbound(Unpooled.wrappedBuffer(HexFormat.of().parseHex(CONNECT_5)));
    EmbeddedChannel before = signedWith("AKIAONE"); // its CONNECT has not come yet
    EmbeddedChannel other = signedWith("AKIATWO");
    edge.keyInvalidated("AKIAONE", "access key deactivated");
    List.of(connected, before, other).forEach(EmbeddedChannel::runPendingTasks);
    assertThat(connected.isOpen()).isFalse();
    assertThat(before.isOpen()).isFalse();
    assertThat(other.isOpen()).isTrue();
    assertThat(broker.ends).containsExactly(SessionEnd.PRINCIPAL_INVALIDATED);
    List.of(connected, before, other).forEach(EmbeddedChannel::finishAndReleaseAll);
  }

  private EmbeddedChannel signedWith(String key) {
    EmbeddedChannel channel =
        new EmbeddedChannel(DefaultChannelId.newInstance()) {
          @Override
          public SocketAddress remoteAddress() {
            return new InetSocketAddress("127.0.0.1", 1);
          }
        };
    edge.stream().take(channel, new StreamProtocol.Peer(WHO, key, true));
    return channel;
  }

  @Test
  void principalThatIsInvalidatedDuringConnectDoesNotStayConnected() throws Exception {
    CompletableFuture<SessionOpening> opening = new CompletableFuture<>();
    broker.opening = opening;
    try (Client client = new Client()) {
      client.send(CONNECT_5);
      broker.sink();
      authentication =
          new Authentication.Refused(Authentication.Reason.REVOKED_CERTIFICATE, "revoked");
      edge.invalidated(WHO, "revoked");
      opening.complete(new SessionOpening.Opened(broker, false));
      String first = client.packet();
      client.send("c000");
      assertThat(List.of(first, client.packet()))
          .as("it must not be served")
          .doesNotContain("d000");
    }
  }

  @Test
  void failureOfTheBrokerIsNotSpelledOutToTheClient() throws Exception {
    broker.opening = CompletableFuture.failedFuture(new IllegalStateException("secret detail"));
    try (Client client = new Client()) {
      client.send(CONNECT_5);
      String connack = client.packet();
      assertThat(connack).matches("20..0080.*");
      assertThat(new String(HexFormat.of().parseHex(connack), "ISO-8859-1"))
          .doesNotContain("secret detail");
    }
  }

  @Test
  void nothingIsSaidBeforeConnack() throws Exception {
    CompletableFuture<SessionOpening> opening = new CompletableFuture<>();
    broker.opening = opening;
    try (Client client = new Client()) {
      client.send(CONNECT_5);
      broker.sink().end(SessionEnd.TAKEN_OVER);
      assertThat(client.packet()).isEqualTo("closed");
      opening.complete(new SessionOpening.Opened(broker, false));
      assertThat(broker.end()).isEqualTo(SessionEnd.CONNECTION_LOST);
    }
  }

  @Test
  void whatCameBeforeDisconnectIsAnswered() throws Exception {
    try (Client client = new Client()) {
      client.send(CONNECT_4 + "3205 000161 0001" + "c000" + "e000");
      assertThat(client.packet()).isEqualTo(CONNACK_4);
      assertThat(client.packet()).isEqualTo("40020001");
      assertThat(client.packet()).isEqualTo("d000");
      assertThat(client.packet()).isEqualTo("closed");
    }
  }
}
