package dev.gatehouse.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The gateway is killed at random moments while MQTT clients with kept sessions publish and receive
 * through it, and in each fourth round its disk runs full before that: nothing is lost, QoS 2 comes
 * once and in order, each will of a lost connection comes once, shared subscriptions and retained
 * messages are complete. A quarter of {@code -DkillRounds}.
 */
class MqttKillIT {
  @TempDir Path directory;
  private Gateway gateway;
  private Path disk;
  private boolean mounted;

  /** A disk of its own, where this user may mount one. */
  @BeforeEach
  void mount() throws IOException {
    gateway = new Gateway(directory.resolve("home"));
    disk = Files.createDirectories(gateway.home().resolve("store"));
    List<String> mount =
        List.of("mount", "-t", "tmpfs", "-o", "size=256m,mode=700", "tmpfs", disk.toString());
    mounted = gateway.run(mount, Map.of()).code() == 0;
  }

  @AfterEach
  void unmount() {
    gateway.close();
    if (mounted) {
      gateway.run(List.of("umount", disk.toString()), Map.of());
    }
  }

  @Test
  void nothingAcknowledgedIsLostAndQos2ComesOnce() throws IOException, InterruptedException {
    int rounds = Math.max(1, Integer.getInteger("gatehouse.killRounds", 20) / 4);
    long seed = Long.getLong("gatehouse.seed", System.nanoTime());
    Random random = new Random(seed);
    Path stop = directory.resolve("stop");
    Path disturbed = directory.resolve("disturbed");
    Path out = directory.resolve("clients.log");
    Path stateOut = directory.resolve("state.log");
    gateway.up();
    Device device = new Device(gateway, directory.resolve("device"), Device.allow("iot:*"));
    Process state =
        start(
            device.script("/mqtt_kill_state.py", stop.toString(), disturbed.toString()), stateOut);
    Process clients = start(device.script("/mqtt_kill.py", stop.toString()), out);
    try {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> Files.readAllLines(stateOut).contains("state runs"));
      long here = 0;
      long publisher = 0;
      for (int round = 0; round <= rounds; round++) {
        long hereBefore = here;
        long publisherBefore = publisher;
        await()
            .atMost(Duration.ofSeconds(60))
            .untilAsserted(
                () ->
                    assertThat(
                            !clients.isAlive()
                                || (connected(out, "kill-here") > hereBefore
                                    && connected(out, "kill-publisher") > publisherBefore))
                        .as("back\n%s\n%s", Files.readString(out), gateway.complaints())
                        .isTrue());
        // How long the load runs is the random part of the test, not a wait for something.
        clients.waitFor(random.nextInt(3_000), TimeUnit.MILLISECONDS);
        assertThat(clients.isAlive() && state.isAlive())
            .as(
                "seed %s round %s\n%s\n%s",
                seed, round, Files.readString(out), Files.readString(stateOut))
            .isTrue();
        if (mounted && round % 4 == 1) {
          fullFor(disturbed, clients, random.nextInt(4_000));
        }
        here = connected(out, "kill-here");
        publisher = connected(out, "kill-publisher");
        if (round < rounds) {
          kill();
        }
      }
      Files.createFile(stop);
      assertThat(clients.waitFor(180, TimeUnit.SECONDS)).as("the clients end").isTrue();
      assertThat(state.waitFor(180, TimeUnit.SECONDS)).as("they end").isTrue();
      assertThat(Files.readAllLines(out))
          .as("seed %s\n%s", seed, gateway.complaints())
          .last()
          .asString()
          .matches("messages \\d+ \\[\\]");
      String done = Files.readAllLines(stateOut).get(Files.readAllLines(stateOut).size() - 1);
      System.out.println(done + " in " + rounds + " rounds, full disk: " + mounted);
      assertThat(done)
          .as("seed %s\n%s\n%s", seed, Files.readString(stateOut), gateway.complaints())
          .matches("state wills [\\d ]+ shared \\d+ \\d+ retained \\d+ \\[\\]");
    } finally {
      clients.destroyForcibly();
      state.destroyForcibly();
    }
  }

  private void kill() {
    ProcessHandle process = gateway.process();
    process.destroyForcibly();
    process.onExit().join();
    gateway.up();
  }

  /** Fills the disk for a while. */
  private void fullFor(Path disturbed, Process clients, int millis)
      throws IOException, InterruptedException {
    Files.createFile(disturbed);
    Path filler = disk.resolve("filler");
    byte[] block = new byte[64 << 10];
    try (OutputStream out = Files.newOutputStream(filler)) {
      while (disk.toFile().getUsableSpace() > block.length) {
        out.write(block);
      }
    }
    clients.waitFor(millis, TimeUnit.MILLISECONDS);
    Files.delete(filler);
    // deletions that failed are tried again within five seconds
    clients.waitFor(6_000, TimeUnit.MILLISECONDS);
    Files.delete(disturbed);
  }

  /** How often a client has connected; two of them never leave by themselves. */
  private static long connected(Path out, String client) throws IOException {
    return Files.readAllLines(out).stream().filter(("connected " + client)::equals).count();
  }

  private static Process start(List<String> command, Path out) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(out.toFile())
        .start();
  }
}
