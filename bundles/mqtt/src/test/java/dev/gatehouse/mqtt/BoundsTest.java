package dev.gatehouse.mqtt;

import static dev.gatehouse.mqtt.Hex.KEPT;
import static dev.gatehouse.mqtt.Hex.NO_PROPERTIES;
import static dev.gatehouse.mqtt.Hex.ack;
import static dev.gatehouse.mqtt.Hex.connect4;
import static dev.gatehouse.mqtt.Hex.connect5;
import static dev.gatehouse.mqtt.Hex.publish5;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What one client may cost the others: nothing. */
class BoundsTest extends StackHarness {
  private void limit(int connections, int connectSeconds, int addressConnects, long unanswered) {
    edge.limit(
        new MqttLimits(
            false,
            65_535,
            65_535,
            1_000,
            1 << 20,
            1 << 20,
            100,
            1_000,
            1_000,
            4,
            0,
            1_200,
            0,
            connections,
            connectSeconds,
            0,
            addressConnects,
            false,
            unanswered));
  }

  private double metric(String name) {
    return edge.metrics().stream()
        .filter(metric -> metric.name().equals(name))
        .findFirst()
        .orElseThrow()
        .value();
  }

  @Test
  void connectionsBeyondTheRateOfAnAddressAreClosedAndCounted() throws Exception {
    limit(100, 5, 1, 32 << 20);
    List<Client> clients = new ArrayList<>();
    int turnedAway = 0;
    for (int i = 0; i < 25; i++) {
      Client client = new Client();
      clients.add(client);
      try {
        client.send(connect4("c" + i, true));
        turnedAway += client.packet().equals("closed") ? 1 : 0;
      } catch (IOException closedBeforeItSpoke) {
        turnedAway++;
      }
    }
    assertThat(turnedAway).isBetween(4, 5);
    assertThat(metric("mqtt_connections_turned_away_total")).isEqualTo(turnedAway);
    nothingCame(clients.get(0));
    for (Client client : clients) {
      client.close();
    }
  }

  @Test
  void connectionsBeyondTheirNumberAreClosedUntilThereIsRoom() throws Exception {
    limit(2, 5, 0, 32 << 20);
    Client one = join(connect4("1", true));
    Client two = join(connect4("2", true));
    try (Client three = new Client()) {
      assertThat(three.packet()).isEqualTo("closed");
    }
    one.close();
    await()
        .untilAsserted(
            () -> {
              try (Client four = new Client()) {
                four.send(connect4("4", true));
                assertThat(four.packet()).isEqualTo(SUCCESS_4);
              }
            });
    nothingCame(two);
  }

  @Test
  void aConnectThatTricklesIsCutOff() throws Exception {
    limit(100, 1, 0, 32 << 20);
    long begun = System.nanoTime();
    try (Client slow = new Client()) {
      String connect = connect5("slow", true, NO_PROPERTIES);
      for (int i = 0; i + 2 < connect.length() && stillOpen(slow, connect.substring(i, i + 2)); ) {
        i += 2;
      }
      assertThat(slow.packet()).isEqualTo("closed");
    } catch (IOException cutOff) {
      assertThat(cutOff).isInstanceOf(java.net.SocketException.class);
    }
    assertThat(System.nanoTime() - begun)
        .isBetween(TimeUnit.MILLISECONDS.toNanos(900), TimeUnit.SECONDS.toNanos(5));
    assertThat(stand.connected()).isZero();
  }

  /** Sends two digits, then listens for a while. */
  private static boolean stillOpen(Client client, String digits) throws IOException {
    client.send(digits);
    return !client.closedWithin(200);
  }

  @Test
  void whoPublishesWhileTheStoreIsSlowIsNotReadAndLosesNothing() throws Exception {
    try (Client kept = join(connect5("kept", true, KEPT))) {
      subscribe(kept, "t", 1);
    }
    limit(100, 5, 0, 64 << 10);
    stand.store().hold();
    try (Client one = join(connect4("one", true));
        Client two = join(connect4("two", true))) {
      String payload = "x".repeat(10_000);
      StringBuilder stream = new StringBuilder();
      for (int i = 1; i <= 50; i++) {
        stream.append(Hex.publish4("t", 1, i, payload));
      }
      one.send(stream.toString());
      two.send(stream.toString());
      await().until(() -> metric("mqtt_unanswered_bytes") > (64 << 10));
      one.send("c000");
      assertThat(one.closedWithin(300)).isFalse();
      assertThat(metric("mqtt_unanswered_bytes"))
          .as("the bound, and one message of each")
          .isLessThanOrEqualTo((64 << 10) + 2 * 10_300);
      try (Client pinging = join(connect4("pinging", true))) {
        nothingCame(pinging);
      }
      stand.store().release();
      for (int i = 1; i <= 50; i++) {
        assertThat(one.packet()).isEqualTo(ack("40", i));
        assertThat(two.packet()).isEqualTo(ack("40", i));
      }
      assertThat(one.packet()).isEqualTo("d000");
      assertThat(metric("mqtt_unanswered_bytes")).isZero();
    }
  }

  @Test
  @Timeout(120)
  void slowReadersHoldLittleAndDelayNobody() throws Exception {
    limit(5_000, 5, 0, 32 << 20);
    List<Client> slow = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      Client client = join(connect5("slow" + i));
      subscribe(client, "t", i % 2);
      slow.add(client);
    }
    try (Client publisher = join(connect5("publisher"));
        Client fast = join(connect5("fast"))) {
      subscribe(fast, "t", 1);
      String payload = "x".repeat(20_000);
      List<Long> times = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        long begun = System.nanoTime();
        publisher.send(publish5("t", 1, 1, payload));
        Publish received = next(fast);
        fast.send(ack("40", received.packetId()));
        times.add(System.nanoTime() - begun);
        assertThat(publisher.packet()).isEqualTo("40020001");
      }
      Collections.sort(times);
      assertThat(times.get(198)).as("p99").isLessThan(TimeUnit.SECONDS.toNanos(1));
      assertThat(stand.metric("broker_buffered_bytes"))
          .as("of 4 MB for each of 25")
          .isLessThan(25 * (600 << 10));
    }
    for (Client client : slow) {
      client.close();
    }
    await().until(() -> stand.metric("broker_buffered_bytes") == 0);
  }

  @Test
  @Timeout(180)
  void manyWhoReconnectDoNotStarveWhoIsThere() throws Exception {
    limit(5_000, 5, 0, 32 << 20);
    int threads = 8;
    int rounds = Integer.getInteger("gatehouse.reconnects", 2_000) / threads;
    AtomicInteger failures = new AtomicInteger();
    List<Thread> storm = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      String prefix = "storm" + t + "-";
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < rounds; i++) {
                  try (Client client = join(connect5(prefix + i % 50, i % 3 == 0, KEPT))) {
                    client.send("e000");
                  } catch (IOException | AssertionError e) {
                    failures.addAndGet(e.getMessage().contains("20..0000") ? 0 : 1);
                  }
                }
              });
      storm.add(thread);
      thread.start();
    }
    List<Long> times = new ArrayList<>();
    try (Client publisher = join(connect5("publisher"));
        Client subscriber = join(connect5("subscriber"))) {
      subscribe(subscriber, "live", 1);
      while (storm.stream().anyMatch(Thread::isAlive)) {
        long begun = System.nanoTime();
        publisher.send(publish5("live", 1, 1, "x"));
        subscriber.send(ack("40", next(subscriber).packetId()));
        assertThat(publisher.packet()).isEqualTo("40020001");
        times.add(System.nanoTime() - begun);
      }
    }
    Collections.sort(times);
    assertThat(failures).hasValue(0);
    assertThat(times).hasSizeGreaterThan(50);
    assertThat(times.get(times.size() * 99 / 100))
        .as("p99 of %s round trips", times.size())
        .isLessThan(TimeUnit.SECONDS.toNanos(1));
  }
}
