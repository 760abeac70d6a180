package dev.gatehouse.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.PublishOutcome;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.session.SessionEnd;
import dev.gatehouse.api.session.SessionSink;
import dev.gatehouse.edge.StreamProtocol;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whole connections of packets that were bent, cut and repeated: none may end but as the protocol
 * says, and each gives back every byte it took. {@code -Dgatehouse.fuzzSeconds=600} for a long run,
 * {@code -Dgatehouse.seed=} for one connection again.
 */
class EdgeFuzzTest extends EdgeHarness {
  private static final int CONNECTIONS = 3_000;
  private static final List<String> OPENINGS =
      List.of(
          CONNECT_4,
          CONNECT_5,
          "1013 00044d515454 04 2e 003c 000161 000177 000178",
          "102e 00044d515454 05 c6 000a 10 1100000e10 210002 2700000400 22000a 17 00 000161"
              + " 05 18 00000001 0003 612f62 0001 78 0001 75 0001 70");
  private static final List<String> PACKETS =
      List.of(
          "3003 0001 61",
          "3005 000161 7879",
          "3206 000161 0001 00",
          "3406 000161 0002 00",
          "3c06 000161 0002 00",
          "3209 000161 0003 03 230001",
          "3208 0000 0004 03 230001",
          "3326 000161 0005 1f 01 01 02 0000000a 03 000174 08 000172 09 000163 26 00016b 000176"
              + " 230002 7879",
          "4002 0001",
          "5002 0009",
          "5003 0009 80",
          "6202 0002",
          "7002 0009",
          "8206 0001 000161 01",
          "820b 0001 02 0b05 0003 612f23 2e",
          "8211 0007 00 000b 2473686172652f672f612f 01",
          "a205 0001 000161",
          "c000",
          "e000",
          "e007 04 05 1100000000",
          "f000");

  private long published;

  @Override
  MqttLimits limits() {
    return MqttLimits.FULL;
  }

  @Test
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void noConnectionBreaksOrKeepsAnything() {
    Long one = Long.getLong("gatehouse.seed");
    if (one != null) {
      connection(one);
      return;
    }
    long seconds = Long.getLong("gatehouse.fuzzSeconds", 0);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    long first = seconds == 0 ? 0 : new Random().nextLong();
    long done = 0;
    while (done < CONNECTIONS || System.nanoTime() - end < 0) {
      connection(first + done++);
    }
    System.out.println(done + " connections");
    assertThat(published).as("messages that got through").isGreaterThan(done / 10);
  }

  private void connection(long seed) {
    Random random = new Random(seed);
    UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
    EmbeddedChannel channel =
        new EmbeddedChannel() {
          @Override
          public SocketAddress remoteAddress() {
            return new InetSocketAddress("127.0.0.1", 1);
          }
        };
    channel.config().setAllocator(allocator);
    broker.forget();
    List<CompletableFuture<PublishOutcome>> open = new ArrayList<>();
    broker.publish = message -> outcome(random, open);
    broker.release =
        random.nextInt(20) == 0
            ? CompletableFuture.failedFuture(new IllegalStateException("disk full"))
            : CompletableFuture.completedFuture(random.nextBoolean());
    edge.stream().add(channel, new StreamProtocol.Peer(WHO, "AKIA", false));
    for (ByteBuf piece : pieces(stream(random), random, allocator)) {
      if (!channel.isOpen()) {
        piece.release();
        continue;
      }
      channel.writeInbound(piece);
      SessionSink sink = broker.sinks.peek();
      if (sink != null && random.nextInt(4) == 0) {
        deliver(sink, random);
      }
      if (!open.isEmpty() && random.nextInt(3) == 0) {
        settle(open.remove(random.nextInt(open.size())), random);
      }
      channel.runPendingTasks();
    }
    open.forEach(each -> settle(each, random));
    channel.runPendingTasks();
    channel.finishAndReleaseAll();
    channel.runPendingTasks();
    channel.releaseOutbound();
    published += broker.messages.size();
    assertThat(edge.failures()).as("seed %s", seed).isZero();
    assertThat(allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory())
        .as("bytes that were not given back, seed %s", seed)
        .isZero();
  }

  private static CompletableFuture<PublishOutcome> outcome(
      Random random, List<CompletableFuture<PublishOutcome>> open) {
    CompletableFuture<PublishOutcome> outcome = new CompletableFuture<>();
    if (random.nextBoolean()) {
      settle(outcome, random);
    } else {
      open.add(outcome);
    }
    return outcome;
  }

  private static void settle(CompletableFuture<PublishOutcome> outcome, Random random) {
    PublishOutcome[] all = PublishOutcome.values();
    int which = random.nextInt(all.length + 1);
    if (which == all.length) {
      outcome.completeExceptionally(new IllegalStateException("broken"));
    } else {
      outcome.complete(all[which]);
    }
  }

  private static void deliver(SessionSink sink, Random random) {
    if (random.nextInt(30) == 0) {
      sink.end(SessionEnd.TAKEN_OVER);
      return;
    }
    Message message =
        Message.internal(
            ACCOUNT,
            "test",
            new TopicName("a/b"),
            Payload.of(new byte[random.nextInt(8) == 0 ? 20_000 : random.nextInt(100)]),
            0);
    QoS qos = QoS.of(random.nextInt(3));
    sink.deliver(
        message, qos, qos == QoS.AT_MOST_ONCE ? 0 : 9, random.nextBoolean(), false, List.of(5));
    sink.release(9);
  }

  /** An opening, mostly whole, and packets, mostly bent. */
  private static byte[] stream(Random random) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] opening = packet(OPENINGS, random);
    bytes.writeBytes(random.nextInt(5) == 0 ? bent(opening, random) : opening);
    for (int i = random.nextInt(12); i >= 0; i--) {
      byte[] packet = packet(PACKETS, random);
      bytes.writeBytes(random.nextInt(3) == 0 ? bent(packet, random) : packet);
    }
    return bytes.toByteArray();
  }

  private static byte[] packet(List<String> from, Random random) {
    return HexFormat.of().parseHex(from.get(random.nextInt(from.size())).replace(" ", ""));
  }

  private static byte[] bent(byte[] packet, Random random) {
    byte[] bent = packet.clone();
    switch (random.nextInt(5)) {
      case 0 -> bent[random.nextInt(bent.length)] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bent[random.nextInt(bent.length)] = (byte) random.nextInt(256);
      case 2 -> bent = Arrays.copyOf(bent, random.nextInt(bent.length + 1));
      case 3 -> bent = Arrays.copyOf(bent, bent.length + random.nextInt(10));
      default -> {
        int at = random.nextInt(bent.length);
        byte[] longer = Arrays.copyOf(bent, bent.length + 1);
        System.arraycopy(bent, at, longer, at + 1, bent.length - at);
        longer[1] = (byte) (longer[1] + (at > 1 ? 1 : 0)); // its length fits still
        bent = longer;
      }
    }
    return bent;
  }

  private static List<ByteBuf> pieces(
      byte[] stream, Random random, UnpooledByteBufAllocator allocator) {
    List<ByteBuf> pieces = new ArrayList<>();
    for (int from = 0; from < stream.length; ) {
      int length = Math.min(stream.length - from, 1 + random.nextInt(40));
      pieces.add(allocator.heapBuffer(length).writeBytes(stream, from, length));
      from += length;
    }
    return pieces;
  }
}
