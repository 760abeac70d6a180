package dev.gatehouse.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The gateway is killed at random moments while MQTT clients with kept sessions publish and receive
 * through it: nothing is lost, and QoS 2 comes once and in order. A quarter of {@code
 * -DkillRounds}.
 */
class MqttKillIT {
  @TempDir Path directory;

  @Test
  void nothingAcknowledgedIsLostAndQos2ComesOnce() throws IOException, InterruptedException {
    int rounds = Math.max(1, Integer.getInteger("gatehouse.killRounds", 20) / 4);
    long seed = Long.getLong("gatehouse.seed", System.nanoTime());
    Random random = new Random(seed);
    Path stop = directory.resolve("stop");
    Path out = directory.resolve("clients.log");
    try (Gateway gateway = new Gateway(directory.resolve("home")).up()) {
      Process clients = start(gateway, stop, out);
      try {
        for (int round = 0; round <= rounds; round++) {
          int connections = round + 1;
          await()
              .atMost(Duration.ofSeconds(60))
              .untilAsserted(
                  () ->
                      assertThat(!clients.isAlive() || connected(out) >= connections)
                          .as(
                              "round %s\n%s\n%s",
                              connections, Files.readString(out), gateway.complaints())
                          .isTrue());
          // How long the load runs is the random part of the test, not a wait for something.
          clients.waitFor(random.nextInt(3_000), TimeUnit.MILLISECONDS);
          assertThat(clients.isAlive())
              .as("seed %s round %s\n%s", seed, round, Files.readString(out))
              .isTrue();
          if (round < rounds) {
            ProcessHandle process = gateway.process();
            process.destroyForcibly();
            process.onExit().join();
            gateway.up();
          }
        }
        Files.createFile(stop);
        assertThat(clients.waitFor(180, TimeUnit.SECONDS)).as("the clients end").isTrue();
        assertThat(Files.readAllLines(out))
            .as("seed %s\n%s", seed, gateway.complaints())
            .last()
            .asString()
            .matches("messages \\d+ \\[\\]");
      } finally {
        clients.destroyForcibly();
      }
    }
  }

  /** How often those have connected that never leave by themselves. */
  private static long connected(Path out) throws IOException {
    List<String> lines = Files.readAllLines(out);
    return Math.min(
        lines.stream().filter("connected kill-here"::equals).count(),
        lines.stream().filter("connected kill-publisher"::equals).count());
  }

  private Process start(Gateway gateway, Path stop, Path out) throws IOException {
    Device device = new Device(gateway, directory.resolve("device"), Device.allow("iot:*"));
    return new ProcessBuilder(device.script("/mqtt_kill.py", stop.toString()))
        .redirectErrorStream(true)
        .redirectOutput(out.toFile())
        .start();
  }
}
