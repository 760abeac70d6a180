package dev.gatehouse.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.MessageProperties;
import dev.gatehouse.api.message.MessageProperties.UserProperty;
import dev.gatehouse.api.message.Origin;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.PayloadFormat;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.message.TraceId;
import dev.gatehouse.api.store.Queue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowsTest {
  private static final List<Principal> PRINCIPALS =
      List.of(
          House.DEVICE,
          new Principal.User(House.ACCOUNT, "ann", "AIDA1"),
          new Principal.RoleSession(House.ACCOUNT, "role", "AROA1", "session"),
          new Principal.RoleSession(
              House.ACCOUNT,
              "role",
              "AROA1",
              "session",
              List.of("{}", "arn:aws:iam::aws:policy/p")),
          new Principal.CognitoIdentity(House.ACCOUNT, "us-east-1:1", true),
          new Principal.Anonymous(House.ACCOUNT, "policy"),
          new Principal.Component(House.ACCOUNT, "rules"));

  @Test
  void messagesOfEveryPrincipalReadAsTheyWereWritten() {
    for (Principal principal : PRINCIPALS) {
      Message message = message(principal, MessageProperties.NONE);
      assertThat(MessageRow.read(MessageRow.write(message))).isEqualTo(message);
    }
  }

  @Test
  void propertiesReadAsTheyWereWritten() {
    MessageProperties properties =
        new MessageProperties(
            PayloadFormat.UTF8_DATA,
            0xFFFF_FFFFL,
            "text/plain",
            "answer/é",
            Payload.ofText("id"),
            List.of(new UserProperty("a", "1"), new UserProperty("a", "2")));
    Message message = message(House.DEVICE, properties);

    assertThat(MessageRow.read(MessageRow.write(message))).isEqualTo(message);
  }

  @Test
  void rowsAfterEachOtherShareWhatDoesNotDiffer() {
    MessageRow.Reader reader = new MessageRow.Reader();
    for (Principal principal : PRINCIPALS) {
      Message message = message(principal, MessageProperties.NONE);
      Message first = reader.read(MessageRow.write(message));
      Message second = reader.read(MessageRow.write(message));

      assertThat(List.of(first, second)).containsOnly(message);
      assertThat(second.origin()).isSameAs(first.origin());
      assertThat(second.topic()).isSameAs(first.topic());
    }
  }

  @Test
  void damagedRowsAreSaidToBeBadAndNothingElse() {
    byte[] row = MessageRow.write(message(House.DEVICE, MessageProperties.NONE));
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = Arrays.copyOf(row, random.nextInt(row.length + 1));
      for (int flips = random.nextInt(4); flips > 0 && damaged.length > 0; flips--) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      try {
        assertThat(MessageRow.read(damaged)).isNotNull();
      } catch (RowReader.BadRowException e) {
        assertThat(e.getMessage()).isNotEmpty();
      }
    }
  }

  @Test
  void anotherFormatVersionIsRefused() {
    byte[] row = MessageRow.write(message(House.DEVICE, MessageProperties.NONE));
    row[0] = 2;
    assertThatThrownBy(() -> MessageRow.read(row))
        .isInstanceOf(RowReader.BadRowException.class)
        .hasMessageContaining("2");
  }

  @Test
  void theHeaderKeepsWhatDiffersFromSessionToSession() {
    Message message = message(House.DEVICE, MessageProperties.NONE);
    Outgoing outgoing = new Outgoing(7, message, QoS.AT_LEAST_ONCE, true, List.of(3, 200_000));
    Outgoing read =
        Outgoing.read(
            new Queue.Entry(7, outgoing.header(), MessageRow.write(message)),
            new MessageRow.Reader());

    assertThat(read.number).isEqualTo(7);
    assertThat(read.ids).containsExactly(3, 200_000);
    assertThat(read.retain).isTrue();
    assertThat(read.qos).isEqualTo(QoS.AT_LEAST_ONCE);
    assertThat(read.message).isEqualTo(message);
  }

  @Test
  void aHeaderWithoutAQosIsSaidToBeBad() {
    Message message = message(House.DEVICE, MessageProperties.NONE);
    byte[] header = new Outgoing(7, message, QoS.AT_LEAST_ONCE, true, List.of()).header();
    header[1] |= 3;
    Queue.Entry entry = new Queue.Entry(7, header, MessageRow.write(message));
    assertThatThrownBy(() -> Outgoing.read(entry, new MessageRow.Reader()))
        .isInstanceOf(RowReader.BadRowException.class)
        .hasMessageContaining("QoS 3");
  }

  @Test
  void queueNamesFitTheStoreAndNeverMeet() {
    String longest = "é".repeat(30_000);
    assertThat(Keys.queue(House.ACCOUNT, longest).length()).isLessThanOrEqualTo(200);
    assertThat(Keys.queue(House.ACCOUNT, longest))
        .isNotEqualTo(Keys.queue(House.ACCOUNT, longest + "x"));
    assertThat(Keys.queue(House.ACCOUNT, "bulb"))
        .isEqualTo("broker.session/000000000000/us-east-1/bulb");
  }

  @Test
  void packetIdsGoRoundWithoutMeetingOnesInUse() {
    InFlight inFlight = new InFlight();
    Message message = message(House.DEVICE, MessageProperties.NONE);
    Outgoing stuck = new Outgoing(1, message, QoS.AT_LEAST_ONCE, false, List.of());
    inFlight.add(stuck);
    for (int i = 0; i < 200_000; i++) {
      Outgoing next =
          new Outgoing(i % 2 == 0 ? 0 : i, message, QoS.AT_LEAST_ONCE, false, List.of());
      inFlight.add(next);
      assertThat(next.packetId).isBetween(2, InFlight.MOST);
      assertThat(inFlight.remove(next.packetId)).isSameAs(next);
    }
    assertThat(inFlight.remove(0)).isNull();
    assertThat(inFlight.lowestNumber()).isEqualTo(1);
    assertThat(inFlight.remove(1)).isSameAs(stuck);
    assertThat(inFlight.inOrder()).isEmpty();
  }

  @Test
  void whatIsStoredHasTheSameIdAfterARestart() {
    Message message = message(House.DEVICE, MessageProperties.NONE);
    Random random = new Random(9);
    for (int round = 0; round < 200; round++) {
      Map<Long, Outgoing> sent = new TreeMap<>();
      InFlight before = new InFlight();
      long number = random.nextInt(1_000_000);
      for (int i = 0; i < 200; i++) {
        number += 1 + random.nextInt(300); // less than 65,535 in all
        Outgoing next = new Outgoing(number, message, QoS.AT_LEAST_ONCE, false, List.of());
        before.add(next);
        sent.put(number, next);
        if (random.nextInt(3) == 0) {
          Outgoing gone = List.copyOf(sent.values()).get(random.nextInt(sent.size()));
          assertThat(before.remove(gone.packetId)).isSameAs(gone);
          assertThat(before.get(gone.packetId)).isNull();
          sent.remove(gone.number);
        }
      }
      InFlight after = new InFlight();
      for (Outgoing known : sent.values()) {
        assertThat(before.get(known.packetId)).isSameAs(known);
        Outgoing again = new Outgoing(known.number, message, QoS.AT_LEAST_ONCE, false, List.of());
        after.add(again);
        assertThat(again.packetId).isEqualTo(known.packetId);
      }
      assertThat(before.inOrder()).containsExactlyElementsOf(sent.values());
    }
  }

  @Test
  void allPacketIdsCanBeInFlightAndKeepTheirOrder() {
    InFlight inFlight = new InFlight();
    Message message = message(House.DEVICE, MessageProperties.NONE);
    for (int i = 1; i <= 100; i++) {
      inFlight.add(new Outgoing(0, message, QoS.AT_LEAST_ONCE, false, List.of()));
      inFlight.remove(i);
    }
    while (inFlight.room()) {
      inFlight.add(new Outgoing(0, message, QoS.AT_LEAST_ONCE, false, List.of()));
    }
    List<Integer> expected = new ArrayList<>(IntStream.rangeClosed(101, 65_535).boxed().toList());
    expected.addAll(IntStream.rangeClosed(1, 100).boxed().toList());
    assertThat(inFlight.inOrder())
        .extracting(outgoing -> outgoing.packetId)
        .containsExactlyElementsOf(expected);
  }

  private static Message message(Principal principal, MessageProperties properties) {
    return new Message(
        House.ACCOUNT,
        new TopicName("a/é/b"),
        Payload.of(new byte[] {0, 1, -1}),
        QoS.AT_LEAST_ONCE,
        true,
        properties,
        new Origin(principal, "client", null),
        1_475_000_000_000L,
        new TraceId(-1, 2),
        3);
  }
}
