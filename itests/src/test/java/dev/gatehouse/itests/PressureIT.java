package dev.gatehouse.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Less memory and fewer file descriptors than the clients would like. */
class PressureIT {
  private static final int PUBLISHERS = 6;
  private static final int EACH = 320;
  private static final String PAYLOAD = "x".repeat(32_000);

  @TempDir Path directory;
  private Gateway gateway;
  private int port;

  private void start(String javaOptions) {
    port = Gateway.freePort();
    gateway =
        new Gateway(directory.resolve("home"))
            .with("GATEHOUSE_MQTT_PORT", Integer.toString(port))
            .with("GATEHOUSE_MQTT_ANONYMOUS_POLICY", "all")
            .with("GATEHOUSE_JAVA_OPTS", javaOptions);
  }

  private void allow() {
    String policy =
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":"
            + "[\"iot:Connect\",\"iot:Publish\",\"iot:Subscribe\",\"iot:Receive\"],"
            + "\"Resource\":[\"arn:aws:iot:*:*:client/*\",\"arn:aws:iot:*:*:topic/a/*\","
            + "\"arn:aws:iot:*:*:topicfilter/a/*\"]}]}";
    gateway.aws("iot", "create-policy", "--policy-name", "all", "--policy-document", policy).ok();
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void halfTheHeapAndThreeTimesTheLoadLoseNothingAcknowledged() throws Exception {
    start("-Xmx128m");
    gateway.up();
    allow();
    long pid = gateway.pid();
    try (RawMqtt kept = new RawMqtt(port, "kept", false)) {
      kept.subscribe("a/kept/#", 1);
    }
    List<RawMqtt> slow = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      RawMqtt reader = new RawMqtt(port, "slow-" + i, true);
      reader.subscribe("a/#", i % 2);
      slow.add(reader);
    }
    ExecutorService publishers = Executors.newFixedThreadPool(PUBLISHERS);
    Set<String> acknowledged = new HashSet<>();
    try {
      List<Future<Set<String>>> ends = new ArrayList<>();
      for (int i = 0; i < PUBLISHERS; i++) {
        String name = "publisher-" + i;
        ends.add(publishers.submit(() -> publish(name)));
      }
      for (Future<Set<String>> end : ends) {
        acknowledged.addAll(end.get());
      }
    } finally {
      publishers.shutdownNow();
    }
    assertThat(gateway.pid()).as("the process that was started").isEqualTo(pid);
    assertThat(gateway.log()).doesNotContain("OutOfMemoryError", "OutOfDirectMemoryError");
    assertThat(metric("broker_messages_dropped_total", "queue_full|busy"))
        .as("shed of those who do not read")
        .isPositive();
    for (RawMqtt reader : slow) {
      reader.close();
    }
    Set<String> arrived = new HashSet<>();
    try (RawMqtt kept = new RawMqtt(port, "kept", false)) {
      while (!arrived.containsAll(acknowledged)) {
        RawMqtt.Packet next = kept.packet();
        arrived.add(next.payload().substring(0, 20).strip());
        kept.acknowledge(next.publishId());
      }
    }
    assertThat(acknowledged).hasSize(PUBLISHERS * EACH / 4);
  }

  /** Four messages at a time, of which one is kept for somebody. The ids of those kept. */
  private Set<String> publish(String name) throws IOException {
    Set<String> acknowledged = new HashSet<>();
    try (RawMqtt client = new RawMqtt(port, name, true)) {
      for (int i = 0; i < EACH; i += 4) {
        String id = name + "-" + i;
        byte[] payload = ("%-20s".formatted(id) + PAYLOAD).getBytes(StandardCharsets.UTF_8);
        client.publish("a/lost", 0, 0, payload);
        client.publish("a/lost", 0, 0, payload);
        client.publish("a/other", 1, 1, payload);
        client.publish("a/kept/" + name, 1, 2, payload);
        assertThat(client.packet().packetId()).isEqualTo(1);
        assertThat(client.packet().packetId()).isEqualTo(2);
        acknowledged.add(id);
      }
    }
    return acknowledged;
  }

  private double metric(String name, String labels) {
    return gateway
        .shell("gatehouse:metrics " + name)
        .ok()
        .lines()
        .filter(line -> line.matches(".*(" + labels + ").*"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll(".*\\s", "")))
        .sum();
  }

  @Test
  void withoutFileDescriptorsNobodyElseIsLetInAndNothingElseChanges() throws Exception {
    start("");
    gateway.up(500);
    allow();
    long pid = gateway.pid();
    List<RawMqtt> clients = new ArrayList<>();
    try (RawMqtt first = new RawMqtt(port, "first", true)) {
      first.subscribe("a/#", 1);
      boolean full = false;
      while (!full && clients.size() < 1_000) {
        full = !joined(clients);
      }
      assertThat(full).as("500 descriptors are not enough for 1,000 clients").isTrue();
      for (int i = 1; i <= 20; i++) {
        first.publish("a/b", 1, i, new byte[100]);
        RawMqtt.Packet one = first.packet();
        RawMqtt.Packet two = first.packet();
        assertThat(List.of(one.type(), two.type())).containsExactlyInAnyOrder(3, 4);
        first.acknowledge((one.type() == 3 ? one : two).publishId());
      }
      clients.get(0).ping();
      gateway.aws("iot", "create-thing", "--thing-name", "made-meanwhile").ok();
    } finally {
      for (RawMqtt client : clients) {
        client.close();
      }
    }
    await().atMost(Duration.ofSeconds(30)).until(() -> joined(new ArrayList<>()));
    try (RawMqtt again = new RawMqtt(port, "again", true)) {
      again.ping();
      again.publish("forbidden", 1, 1, new byte[1]);
      assertThatThrownBy(again::packet)
          .as("the policy is what it was")
          .isInstanceOf(IOException.class);
    }
    assertThat(gateway.pid()).isEqualTo(pid);
  }

  private boolean joined(List<RawMqtt> clients) {
    try {
      clients.add(new RawMqtt(port, "client-" + clients.size(), true));
      return true;
    } catch (IOException refused) {
      return false;
    }
  }
}
