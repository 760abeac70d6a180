package dev.gatehouse.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootIT {
  @TempDir Path directory;

  private static TreeMap<String, String> hashes(Path root) throws Exception {
    TreeMap<String, String> hashes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        hashes.put(
            root.relativize(file).toString(),
            HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file))));
      }
    }
    return hashes;
  }

  @Test
  void theArchiveStartsWithAnEmptyHomeAndASecondBootChangesNoKey() throws Exception {
    Path unpacked = directory.resolve("unpacked");
    Files.createDirectories(unpacked);
    Gateway gateway = new Gateway(directory.resolve("home"));
    gateway
        .run(
            List.of(
                "tar", "xzf", System.getProperty("gatehouse.archive"), "-C", unpacked.toString()),
            java.util.Map.of())
        .ok();
    Path launcher;
    try (Stream<Path> folders = Files.list(unpacked)) {
      launcher = folders.findFirst().orElseThrow().resolve("gatehouse");
    }
    List<String> up =
        new ArrayList<>(
            List.of(launcher.toString(), "up", "-d", "--home", gateway.home().toString()));
    gateway.run(up, java.util.Map.of("HOME", directory.resolve("empty").toString())).ok();
    TreeMap<String, String> pki = hashes(gateway.home().resolve("pki"));
    TreeMap<String, String> secrets = hashes(gateway.home().resolve("secrets"));
    assertThat(pki).containsKeys("ca.pem", "ca.key", "server-ec.pem", "server-rsa.pem");
    assertThat(secrets).containsKeys("admin.env", "seal.key");
    ProcessHandle process = gateway.process();
    long started = System.nanoTime();
    process.destroy(); // SIGTERM
    process.onExit().get(20, java.util.concurrent.TimeUnit.SECONDS);
    assertThat(System.nanoTime() - started).isLessThan(5_000_000_000L);
    gateway.run(up, java.util.Map.of()).ok();
    assertThat(hashes(gateway.home().resolve("pki"))).isEqualTo(pki);
    secrets.forEach(
        (name, hash) -> {
          if (!name.startsWith("console")) {
            assertThat(hashesOf(gateway.home().resolve("secrets"))).containsEntry(name, hash);
          }
        });
    assertThat(gateway.log()).doesNotContain(" ERROR ");
    gateway.close();
  }

  private static TreeMap<String, String> hashesOf(Path root) {
    try {
      return hashes(root);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aSettingThatIsNoPortIsRefusedByName() throws IOException {
    Gateway wrong = new Gateway(directory.resolve("wrong")).with("GATEHOUSE_MQTTS_PORT", "many");
    Gateway.Result result = wrong.launcher("up", "-d");
    assertThat(result.code()).isNotZero();
    assertThat(result.out()).contains("GATEHOUSE_MQTTS_PORT is 'many', not a port number");
  }

  @Test
  void plaintextMqttIsOnLoopbackAndNeedsAPolicy() {
    int port = Gateway.freePort();
    try (Gateway gateway =
        new Gateway(directory.resolve("plain"))
            .with("GATEHOUSE_MQTT_PORT", Integer.toString(port))
            .with("GATEHOUSE_MQTT_ANONYMOUS_POLICY", "anyone")
            .up()) {
      List<String> publish =
          List.of(
              "mosquitto_pub",
              "-h",
              "127.0.0.1",
              "-p",
              Integer.toString(port),
              "-V",
              "mqttv311",
              "-q",
              "1",
              "-t",
              "a",
              "-m",
              "b");
      assertThat(gateway.run(publish, java.util.Map.of()).code()).isNotZero();
      gateway
          .aws(
              "iot",
              "create-policy",
              "--policy-name",
              "anyone",
              "--policy-document",
              Device.allow("iot:Connect", "iot:Publish"))
          .ok();
      gateway.run(publish, java.util.Map.of()).ok();
      assertThat(
              gateway
                  .run(List.of("ss", "-ltnH", "sport", "=", ":" + port), java.util.Map.of())
                  .out())
          .contains("127.0.0.1")
          .doesNotContain("0.0.0.0:" + port);
    }
  }
}
