package dev.gatehouse.mqtt;

import static dev.gatehouse.mqtt.Hex.ack;
import static dev.gatehouse.mqtt.Hex.connect4;
import static dev.gatehouse.mqtt.Hex.properties;
import static dev.gatehouse.mqtt.Hex.publish4;
import static dev.gatehouse.mqtt.Hex.publish5;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.mqtt.Model.Due;
import dev.gatehouse.mqtt.Model.Expected;
import dev.gatehouse.mqtt.Model.Options;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random clients against a model: they come and go, take each other over, subscribe, publish in
 * bursts, leave messages unacknowledged, and the broker crashes. Nothing is lost, nothing comes
 * that should not, nothing twice but where it may, all in order. {@code -Dgatehouse.seed=} runs one
 * case again, {@code -Dgatehouse.cases=} more of them.
 */
class ModelTest extends StackHarness {
  private static final String[] CLIENTS = {"a", "b", "c", "d"};
  private static final String[] TOPICS = {"x", "y", "x/1", "x/2", "x/1/z", "$q/1"};
  private static final String[] FILTERS = {
    "vx/#",
    "vy",
    "x",
    "x/1",
    "x/#",
    "+",
    "#",
    "x/+",
    "+/1",
    "+/+/z",
    "$q/#",
    "$share/g/x/#",
    "$share/g/y"
  };

  private Model model = new Model();
  private final Map<String, Peer> peers = new HashMap<>();
  private Random random = new Random(0);
  private long seed;
  private int messages;
  private boolean crashed;

  @Test
  @Timeout(value = 60, unit = TimeUnit.MINUTES)
  void randomClientsGetWhatTheModelSays() throws Exception {
    Long one = Long.getLong("gatehouse.seed");
    int cases = one != null ? 1 : Integer.getInteger("gatehouse.cases", 200);
    long first = one != null ? one : cases == 200 ? 1 : new Random().nextLong(1L << 40);
    for (int i = 0; i < cases; i++) {
      seed = first + i;
      try {
        run(new Random(seed));
      } catch (IOException | RuntimeException | AssertionError e) {
        throw new AssertionError("-Dgatehouse.seed=" + seed + ": " + e.getMessage(), e);
      }
    }
    System.out.println(cases + " cases from seed " + first + ", " + messages + " messages");
    assertThat(messages).isGreaterThan(cases * 10);
  }

  private void run(Random with) throws IOException {
    random = with;
    model = new Model();
    crashed = false;
    for (int step = 0; step < 40; step++) {
      step();
      settle();
    }
    for (String client : CLIENTS) {
      connect(client, false, true);
      settle();
      assertThat(model.sessions.get(client).waiting).as("all came to %s", client).isEmpty();
    }
    tidy();
  }

  /** Leaves nothing for the next case. */
  private void tidy() throws IOException {
    for (String topic : List.copyOf(model.retained.keySet())) {
      peers.get("a").publish(topic, "", 1, true);
    }
    for (String client : CLIENTS) {
      try (Client last = new Client()) {
        last.send(connect4(client, true));
        assertThat(last.packet()).isEqualTo(SUCCESS_4);
        last.send("e000");
        assertThat(last.packet()).isEqualTo("closed");
      }
      peers.remove(client).close();
    }
  }

  private void step() throws IOException {
    String client = CLIENTS[random.nextInt(CLIENTS.length)];
    Peer peer = peers.get(client);
    int what = random.nextInt(20);
    if (peer == null || what == 0) {
      connect(client, random.nextInt(3) == 0, random.nextInt(4) > 0);
    } else if (what < 3) {
      leave(client, peer);
    } else if (what < 8) {
      String filter = FILTERS[random.nextInt(FILTERS.length)];
      boolean shared = filter.startsWith("$share");
      boolean five = peer.version == 5;
      peer.subscribe(
          filter,
          new Options(
              shared ? 2 : random.nextInt(3),
              five && !shared && random.nextInt(4) == 0,
              five && !shared && random.nextBoolean(),
              five ? random.nextInt(3) : 0));
    } else if (what == 8) {
      peer.unsubscribe(FILTERS[random.nextInt(FILTERS.length)]);
    } else if (what == 9) {
      peers.values().removeIf(each -> !model.connected.contains(each.id));
      stand.pass(Duration.ofSeconds(100_000));
      model.expire();
    } else if (what == 10) {
      crash();
    } else {
      peer.burst();
    }
  }

  private void connect(String client, boolean clean, boolean acknowledges) throws IOException {
    boolean five = random.nextBoolean();
    boolean kept = five ? random.nextInt(3) > 0 : !clean;
    Model.Will will = will();
    boolean present = model.connect(client, clean, kept, !five, will);
    Peer before = peers.get(client);
    Peer peer = new Peer(client, five ? 5 : 4, acknowledges);
    int flags = (clean ? 2 : 0) | (will == null ? 0 : 4 | will.qos() << 3);
    peer.wire.send(
        Hex.packet(
            "10",
            "00044d515454",
            five ? "05" : "04",
            "%02x".formatted(flags),
            "003c",
            five ? (kept ? properties("11 00000e10") : "00") : "",
            Hex.text(client),
            will == null ? "" : (five ? "00" : "") + Hex.text(will.topic()),
            will == null ? "" : Hex.text(will.payload())));
    assertThat(peer.wire.packet())
        .as("CONNACK to %s", client)
        .matches("20.." + (present ? "01" : "00") + "00.*");
    peers.put(client, peer);
    if (before != null) {
      String last = before.wire.packet();
      while (last.startsWith("3") || last.startsWith("62")) {
        last = before.wire.packet();
      }
      assertThat(last).as("the former holder").matches(before.version == 5 ? "e0..8e.*" : "closed");
      before.close();
    }
  }

  /** A third have one; of a topic that no shared subscription of somebody who is away has. */
  private Model.@Nullable Will will() {
    String topic = TOPICS[random.nextInt(TOPICS.length)];
    return random.nextInt(3) > 0 || topic.startsWith("$")
        ? null
        : new Model.Will("v" + topic, "w" + ++messages, 1 + random.nextInt(2));
  }

  private void leave(String client, Peer peer) throws IOException {
    boolean goodbye = random.nextBoolean();
    if (goodbye) {
      peer.wire.send("e000");
      assertThat(peer.wire.packet()).isEqualTo("closed");
    }
    peer.close();
    peers.remove(client);
    if (goodbye) {
      model.disconnect(client);
    } else {
      model.lose(client);
    }
    org.awaitility.Awaitility.await()
        .pollInterval(Duration.ofMillis(1))
        .until(() -> stand.connected() == model.connected.size());
  }

  /** With whatever is connected, and what they acknowledged a moment ago. */
  private void crash() throws IOException {
    crashed = true;
    model.crash();
    stand.crash();
    stand.pass(Duration.ZERO); // sessions that end with their connection
    for (Peer peer : List.copyOf(peers.values())) {
      peer.close();
    }
    peers.clear();
  }

  /** Reads until everybody has what there is, and compares. */
  private void settle() throws IOException {
    for (int round = 0; round < 3; round++) {
      for (Peer peer : peers.values()) {
        peer.readAll();
      }
    }
    for (Peer peer : peers.values()) {
      peer.compare();
    }
    assertThat(model.shared).as("shared messages that nobody got").isEmpty();
  }

  /** A client. */
  private final class Peer {
    final String id;
    final int version;
    final boolean acknowledges;
    final Client wire = new Client();
    final Deque<Publish> received = new ArrayDeque<>();
    final Set<Integer> ids = new HashSet<>(); // in use, of this connection
    int nextId = 1;

    Peer(String id, int version, boolean acknowledges) throws IOException {
      this.id = id;
      this.version = version;
      this.acknowledges = acknowledges;
    }

    void close() throws IOException {
      wire.close();
    }

    /** Reads up to an answer, and takes and answers what comes before it. */
    String until(String answer) throws IOException {
      while (true) {
        String packet = wire.packet();
        if (packet.startsWith("3")) {
          take(Publish.of(version, packet));
        } else if (packet.startsWith("62")) {
          wire.send("70" + packet.substring(2));
        } else {
          assertThat(packet).matches(answer);
          return packet;
        }
      }
    }

    private void take(Publish publish) throws IOException {
      received.add(publish);
      if (publish.qos() > 0 && acknowledges) {
        wire.send(ack(publish.qos() == 1 ? "40" : "50", publish.packetId()));
      }
    }

    void readAll() throws IOException {
      Model.Session session = model.sessions.get(id);
      wire.send("c000");
      until("d000");
      // another thread looks them up
      while (received.stream().filter(Publish::retain).count() < session.retained.size()) {
        until30();
      }
    }

    private void until30() throws IOException {
      String packet = wire.packet();
      if (packet.startsWith("62")) {
        wire.send("70" + packet.substring(2));
      } else {
        take(Publish.of(version, packet));
      }
    }

    void subscribe(String filter, Options options) throws IOException {
      int packetId = id();
      wire.send(
          version == 5
              ? Hex.subscribe5(packetId, filter, options.bits())
              : Hex.subscribe4(packetId, filter, options.qos()));
      until("90.*0" + options.qos());
      model.subscribe(id, filter, options);
    }

    void unsubscribe(String filter) throws IOException {
      int packetId = id();
      boolean was = model.unsubscribe(id, filter);
      if (version == 5) {
        wire.send(Hex.unsubscribe5(packetId, filter));
        until("b004.*" + (was ? "00" : "11"));
      } else {
        wire.send(Hex.packet("a2", Hex.number(packetId), Hex.text(filter)));
        until("b002.*");
      }
    }

    private int id() {
      return nextId++;
    }

    /** Some messages in one go. */
    void burst() throws IOException {
      List<String> answers = new ArrayList<>();
      StringBuilder stream = new StringBuilder();
      for (int i = random.nextInt(5); i >= 0; i--) {
        String topic = TOPICS[random.nextInt(TOPICS.length)];
        if (model.sharedWithNobodyThere(topic)) {
          continue;
        }
        int qos = random.nextInt(3);
        boolean retain = random.nextInt(5) == 0;
        String payload = retain && random.nextInt(3) == 0 ? "" : "m" + ++messages;
        int packetId = id();
        int flags = qos << 1 | (retain ? 1 : 0);
        stream.append(packet(flags, topic, packetId, payload));
        if (qos == 2 && random.nextInt(3) == 0) {
          stream.append(packet(flags | 8, topic, packetId, payload)); // it thinks that it was lost
          answers.add(Hex.number(packetId));
        }
        if (qos > 0) {
          answers.add(Hex.number(packetId));
        }
        model.publish(id, topic, payload, qos, retain);
      }
      wire.send(stream.toString());
      answer(answers);
    }

    private String packet(int flags, String topic, int packetId, String payload) {
      return version == 5
          ? publish5(flags, topic, packetId, "00", payload)
          : "3"
              + Integer.toHexString(flags)
              + publish4(topic, flags >> 1 & 3, packetId, payload).substring(2);
    }

    private void answer(List<String> ids) throws IOException {
      Set<String> exactlyOnce = new LinkedHashSet<>();
      for (String each : ids) {
        if (until("[45]00[23]" + each + ".*").startsWith("50")) {
          exactlyOnce.add(each);
        }
      }
      for (String each : exactlyOnce) {
        wire.send("6202" + each);
        until("700[23]" + each + ".*");
      }
    }

    void publish(String topic, String payload, int qos, boolean retain) throws IOException {
      int packetId = id();
      wire.send(packet(qos << 1 | (retain ? 1 : 0), topic, packetId, payload));
      answer(List.of(Hex.number(packetId)));
    }

    /** What came is what was to come. */
    void compare() {
      Model.Session session = model.sessions.get(id);
      while (!received.isEmpty()) {
        Publish publish = received.poll();
        Expected came =
            new Expected(publish.topic(), publish.payload(), publish.qos(), publish.retain());
        if (publish.qos() > 0 && !acknowledges) {
          assertThat(ids.add(publish.packetId())).as("%s: one id twice: %s", id, publish).isTrue();
        }
        if (!due(session, came, publish.duplicate())) {
          boolean again = crashed && publish.duplicate() && publish.qos() == 1;
          assertThat(
                  (again && session.acknowledged.contains(came.payload()))
                      || (publish.qos() == 1 && model.sharedAcknowledged.contains(came.payload())))
              .as("%s got %s, of %s that are due", id, publish, session.waiting.size())
              .isTrue();
        }
      }
      assertThat(session.waiting.stream().filter(each -> !each.sent).map(each -> each.message))
          .as("what did not come to %s", id)
          .isEmpty();
      assertThat(session.retained).as("retained for %s", id).isEmpty();
    }

    /** Takes a message off what is to come; it stays if it is not acknowledged. */
    private boolean due(Model.Session session, Expected came, boolean duplicate) {
      Due due = firstDue(session, came);
      if (due == null) {
        boolean wasRetained = session.retained.remove(came);
        boolean shared = !wasRetained && !duplicate && model.shared.remove(came);
        if (!wasRetained && !shared) {
          return false;
        }
        due = new Due(came, shared);
        session.waiting.add(before(session, came), due);
      }
      due.sent = true;
      if (!session.kept || came.qos() == 0 || acknowledges) {
        session.waiting.remove(due);
        session.acknowledged.add(came.payload());
        if (due.shared) {
          model.sharedAcknowledged.add(came.payload());
        }
      }
      return true;
    }

    /** Where a message stands that came before all that are due of its topic. */
    private int before(Model.Session session, Expected came) {
      for (int i = 0; i < session.waiting.size(); i++) {
        Due each = session.waiting.get(i);
        if (!each.sent && each.message.topic().equals(came.topic())) {
          return i;
        }
      }
      return session.waiting.size();
    }

    /** Of one topic the first is due, whatever its QoS; the model knows one order of all. */
    private @Nullable Due firstDue(Model.Session session, Expected came) {
      for (Due each : session.waiting) {
        Expected next = each.message;
        if (!each.sent && next.topic().equals(came.topic())) {
          return next.equals(came) ? each : null;
        }
      }
      return null;
    }
  }
}
