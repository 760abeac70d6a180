package dev.gatehouse.mqtt;

import static dev.gatehouse.mqtt.Hex.KEPT;
import static dev.gatehouse.mqtt.Hex.NO_PROPERTIES;
import static dev.gatehouse.mqtt.Hex.ack;
import static dev.gatehouse.mqtt.Hex.bytes;
import static dev.gatehouse.mqtt.Hex.connect4;
import static dev.gatehouse.mqtt.Hex.connect5;
import static dev.gatehouse.mqtt.Hex.number;
import static dev.gatehouse.mqtt.Hex.packet;
import static dev.gatehouse.mqtt.Hex.properties;
import static dev.gatehouse.mqtt.Hex.publish5;
import static dev.gatehouse.mqtt.Hex.subscribe4;
import static dev.gatehouse.mqtt.Hex.subscribe5;
import static dev.gatehouse.mqtt.Hex.unsubscribe5;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.broker.BrokerStand;
import dev.gatehouse.testkit.FixedMemory;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What clients can make the gateway hold is bounded in bytes; beyond, they are told so. */
@Timeout(60)
class MemoryTest extends StackHarness {
  private static final int MEBIBYTE = 1 << 20;

  @Override
  FixedMemory memory() {
    return new FixedMemory(MEBIBYTE);
  }

  @Override
  BrokerStand newStand() {
    return new BrokerStand(new FixedMemory(MEBIBYTE));
  }

  private void awaitNothingHeld() {
    await()
        .untilAsserted(
            () -> {
              EdgeMemory memory = edge.memory();
              assertThat(
                      List.of(
                          memory.inbound.usedBytes(),
                          memory.packets.usedBytes(),
                          memory.outbound.usedBytes(),
                          memory.aliases.usedBytes(),
                          memory.rights.usedBytes(),
                          stand.heldBytes()))
                  .containsOnly(0L);
            });
  }

  @Test
  void filtersWithManyLevelsAreRefusedWhenTheirMemoryIsFull() throws Exception {
    try (Client client = join(connect5("c"));
        Client old = join(connect4("old", true));
        Client other = join(connect5("other"))) {
      String filter = "x/".repeat(400);
      int granted = 0;
      client.send(subscribe5(1, filter + granted, 1));
      while (client.packet().equals("90" + "04" + "0001" + "00" + "01")) {
        assertThat(++granted).isLessThan(100);
        client.send(subscribe5(1, "y" + granted + "/" + filter, 1));
      }
      client.send(subscribe5(1, "z/" + filter, 1));
      assertThat(client.packet()).isEqualTo("90" + "04" + "0001" + "00" + "97");
      old.send(subscribe4(1, "z/" + filter, 1));
      assertThat(old.packet()).isEqualTo("90" + "03" + "0001" + "80");
      subscribe(other, "a/b", 1);
      nothingCame(client);
    }
    awaitNothingHeld();
  }

  @Test
  void anUnsubscribeWithTensOfThousandsOfFiltersEndsTheConnectionBeforeItIsRead() throws Exception {
    try (Client client = join(connect5("c"))) {
      client.send(unsubscribe5(1, Collections.nCopies(10_000, "a").toArray(String[]::new)));
      assertThat(client.packet())
          .startsWith("e0")
          .contains("97")
          .contains(bytes("UNSUBSCRIBE with 10000 topic filters, at most 1000"));
    }
    try (Client client = join(connect5("c"))) {
      client.send(unsubscribe5(1, Collections.nCopies(1_000, "a").toArray(String[]::new)));
      assertThat(client.packet()).startsWith("b0");
    }
  }

  @Test
  void refusedPublishesOnLongTopicsAreNotRemembered() throws Exception {
    String topic = "t".repeat(15_000);
    for (int i = 0; i < 10; i++) {
      denied.add("iot:Publish topic/" + i + topic);
    }
    try (Client client = join(connect5("c"))) {
      for (int i = 0; i < 10; i++) {
        client.send(publish5(i + topic, 1, 1, "x"));
        assertThat(client.packet()).startsWith("40").contains("87");
      }
      assertThat(edge.memory().rights.usedBytes()).isZero();
    }
  }

  @Test
  void decisionsOfManyTopicsTakeNoMoreThanTheirMemory() throws Exception {
    try (Client client = join(connect5("c"))) {
      for (int i = 0; i < 300; i++) {
        client.send(publish5("t".repeat(200) + i, 1, 1, "x"));
        assertThat(client.packet()).startsWith("40");
      }
      assertThat(edge.memory().rights.usedBytes())
          .isBetween(5_000L, edge.memory().rights.limitBytes());
    }
    awaitNothingHeld();
  }

  @Test
  void aliasesForWhichThereIsNoMemoryEndTheConnectionAndNewClientsGetNone() throws Exception {
    try (Client client = join(connect5("c"));
        Client aliased = join(connect5("a"))) {
      String topic = "t".repeat(6_000);
      for (int alias = 1; alias <= 2; alias++) {
        client.send(publish5(2, alias + topic, 1, properties("23" + number(alias)), "x"));
        assertThat(client.packet()).startsWith("40");
      }
      aliased.send(publish5(2, topic, 1, properties("230001"), "x"));
      assertThat(aliased.packet()).startsWith("e0").contains("97");
      try (Client late = new Client()) {
        late.send(connect5("late"));
        assertThat(late.packet()).as("Topic Alias Maximum 0").contains("220000");
      }
    }
    awaitNothingHeld();
  }

  @Test
  void packetsThatDoNotComeAtOnceAreRefusedWhenTheirMemoryIsFull() throws Exception {
    String most = publish5("t", 1, 1, "x".repeat(200_000));
    most = most.substring(0, most.length() - 2);
    try (Client client = join(connect5("c"));
        Client old = join(connect4("old", true));
        Client small = join(connect5("small"))) {
      client.send(most);
      assertThat(client.packet()).startsWith("e0").contains("97");
      old.send(most);
      assertThat(old.packet()).isEqualTo("closed");
      small.send(publish5("t", 1, 1, "x"));
      assertThat(small.packet()).startsWith("40");
    }
    awaitNothingHeld();
  }

  @Test
  void aClientForWhoseSessionThereIsNoMemoryIsToldSo() throws Exception {
    List<Client> clients = new ArrayList<>();
    String answer = SUCCESS_4;
    for (int i = 0; answer.equals(SUCCESS_4); i++) {
      assertThat(i).isLessThan(200);
      Client client = new Client();
      clients.add(client);
      client.send(connect4("c".repeat(5_000) + i, true));
      answer = client.packet();
    }
    assertThat(answer).isEqualTo("20020003");
    try (Client refused = new Client()) {
      refused.send(connect5("d".repeat(20_000)));
      assertThat(refused.packet()).startsWith("20").contains("97");
    }
    for (Client client : clients) {
      client.close();
    }
    awaitNothingHeld();
  }

  @Test
  void retainedMessagesBeyondTheirMemoryAreRefused() throws Exception {
    try (Client client = join(connect5("c"))) {
      String answer = "";
      int kept = 0;
      for (; !answer.contains("97"); kept++) {
        assertThat(kept).isLessThan(100);
        client.send(publish5(3, "r" + kept, 1, NO_PROPERTIES, "x".repeat(5_000)));
        answer = client.packet();
      }
      for (int i = 0; i < kept; i++) {
        client.send(publish5(3, "r" + i, 1, NO_PROPERTIES, ""));
        assertThat(client.packet()).startsWith("40");
      }
    }
    awaitNothingHeld();
  }

  @Test
  void aClientThatDoesNotReadItsAnswersIsReadNoMore() throws Exception {
    int port = edge.listeners().get(0).port();
    try (SocketChannel socket =
            SocketChannel.open(
                new java.net.InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), port));
        Selector writable = Selector.open();
        Client other = join(connect5("other"))) {
      socket.write(ByteBuffer.wrap(java.util.HexFormat.of().parseHex(connect4("c", true))));
      ByteBuffer connack = ByteBuffer.allocate(4);
      while (connack.hasRemaining()) {
        socket.read(connack);
      }
      socket.configureBlocking(false);
      socket.register(writable, SelectionKey.OP_WRITE);
      byte[] pings = java.util.HexFormat.of().parseHex("c000".repeat(32_768));
      long sent = 0;
      while (writable.select(2_000) > 0) {
        sent += socket.write(ByteBuffer.wrap(pings, (int) (sent % 2), pings.length - 2));
        writable.selectedKeys().clear();
        assertThat(sent).as("as much as two sockets hold").isLessThan(64 * MEBIBYTE);
      }
      nothingCame(other);
      ByteBuffer read = ByteBuffer.allocate(MEBIBYTE);
      long answers = 0;
      Selector readable = Selector.open();
      socket.register(readable, SelectionKey.OP_READ);
      while (answers < sent / 2 * 2) {
        assertThat(readable.select(10_000)).as("%s of %s came", answers, sent).isPositive();
        readable.selectedKeys().clear();
        answers += socket.read(read.clear());
      }
      readable.close();
    }
    awaitNothingHeld();
  }

  @Test
  void whoReadsSlowlyTakesNoMoreThanTheMemoryAndOthersGetTheirMessages() throws Exception {
    List<Client> slow = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Client client = join(connect5("slow" + i));
      subscribe(client, "s", 0);
      slow.add(client);
    }
    try (Client publisher = join(connect5("p"));
        Client fast = join(connect5("fast"))) {
      subscribe(fast, "f", 1);
      for (int i = 0; i < 500; i++) {
        publisher.send(publish5("s", 0, 0, "x".repeat(20_000)));
        publisher.send(publish5("f", 1, 1, "x".repeat(1_000)));
        fast.send(ack("40", next(fast).packetId()));
        assertThat(publisher.packet()).isEqualTo("40020001");
      }
      assertThat(edge.memory().outbound.usedBytes())
          .isLessThanOrEqualTo(edge.memory().outbound.limitBytes());
    }
    for (Client client : slow) {
      client.close();
    }
    awaitNothingHeld();
  }

  @Test
  void whatClientsTookIsGivenBackWhenTheyAreGone() throws Exception {
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Client client = join(connect5("c" + i, true, i % 2 == 0 ? KEPT : properties("22000a")));
      subscribe(client, "t/" + i + "/#", i % 3);
      subscribe(client, "$share/g/t/+/x", 1);
      client.send(publish5(4, "t/" + i + "/x", 1, properties("230001"), "x".repeat(500)));
      client.send(publish5(2, "", 2, properties("230001"), "y".repeat(500)));
      clients.add(client);
    }
    for (Client client : clients) {
      assertThat(client.packet()).isNotEqualTo("closed");
      client.send(packet("e0", "00", properties("1100000000")));
      while (!client.packet().equals("closed")) {
        // what was on its way
      }
    }
    awaitNothingHeld();
  }
}
