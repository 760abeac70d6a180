package dev.gatehouse.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
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
            Map.of())
        .ok();
    Path launcher;
    try (Stream<Path> folders = Files.list(unpacked)) {
      launcher = folders.findFirst().orElseThrow().resolve("gatehouse");
    }
    List<String> up =
        new ArrayList<>(
            List.of(launcher.toString(), "up", "-d", "--home", gateway.home().toString()));
    gateway.run(up, Map.of("HOME", directory.resolve("empty").toString())).ok();
    TreeMap<String, String> pki = hashes(gateway.home().resolve("pki"));
    TreeMap<String, String> secrets = hashes(gateway.home().resolve("secrets"));
    assertThat(pki).containsKeys("ca.pem", "ca.key", "server-ec.pem", "server-rsa.pem");
    assertThat(secrets).containsKeys("admin.env", "seal.key");
    ProcessHandle process = gateway.process();
    long started = System.nanoTime();
    process.destroy(); // SIGTERM
    process.onExit().get(20, TimeUnit.SECONDS);
    assertThat(System.nanoTime() - started).isLessThan(5_000_000_000L);
    gateway.run(up, Map.of()).ok();
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
      assertThat(gateway.run(publish, Map.of()).code()).isNotZero();
      gateway
          .aws(
              "iot",
              "create-policy",
              "--policy-name",
              "anyone",
              "--policy-document",
              Device.allow("iot:Connect", "iot:Publish"))
          .ok();
      gateway.run(publish, Map.of()).ok();
      assertThat(gateway.run(List.of("ss", "-ltnH", "sport", "=", ":" + port), Map.of()).out())
          .contains("127.0.0.1")
          .doesNotContain("0.0.0.0:" + port);
    }
  }

  @Test
  void aTakenPortIsToldWithTheSettingThatMovesIt() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      String port = Integer.toString(taken.getLocalPort());
      for (String setting : List.of("GATEHOUSE_HTTPS_PORT", "GATEHOUSE_MQTTS_PORT")) {
        try (Gateway gateway = new Gateway(directory.resolve(setting)).with(setting, port)) {
          Gateway.Result result = gateway.launcher("up", "-d");
          assertThat(result.code()).isNotZero();
          assertThat(result.out())
              .contains("port " + port + " (" + setting + ") cannot be opened")
              .contains("Address already in use");
          assertThat(gateway.launcher("status").out()).contains("not running");
        }
      }
    }
  }

  /** Does a client's work, whatever the gateway runs on. */
  private void works(Gateway gateway) {
    Device device =
        new Device(gateway, directory.resolve("device" + gateway.pid()), Device.allow("iot:*"));
    device.publish("p", "mqttv5", "a", "b").ok();
    assertThat(gateway.log()).doesNotContain(" ERROR ");
  }

  static Stream<Path> newerJavas() throws Exception {
    try (Stream<Path> all = Files.list(Path.of("/usr/lib/jvm"))) {
      return all
          .filter(home -> !Files.isSymbolicLink(home))
          .filter(home -> Files.isExecutable(home.resolve("bin/java")))
          .filter(home -> feature(home) > 17)
          .toList()
          .stream();
    }
  }

  private static int feature(Path home) {
    try (Stream<String> lines = Files.lines(home.resolve("release"))) {
      return lines
          .filter(line -> line.startsWith("JAVA_VERSION="))
          .mapToInt(line -> Integer.parseInt(line.replaceAll("[^0-9.]", "").split("\\.")[0]))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0; // a folder that is no JDK
    }
  }

  @Test
  void runsOnEachNewerJavaThatIsInstalled() throws Exception {
    List<Path> javas = newerJavas().toList();
    assumeThat(javas).as("Javas newer than 17 in /usr/lib/jvm").isNotEmpty();
    for (Path java : javas) {
      try (Gateway gateway =
          new Gateway(directory.resolve(java.getFileName().toString()))
              .with("JAVA_HOME", java.toString())
              .up()) {
        assertThat(gateway.process().info().command().orElseThrow()).startsWith(java.toString());
        works(gateway);
      }
    }
  }

  @Test
  void runsWithoutNativeCode() throws Exception {
    Path copy = directory.resolve("copy");
    Gateway gateway = new Gateway(directory.resolve("pure"), copy);
    gateway
        .run(
            List.of("cp", "-r", System.getProperty("gatehouse.distribution"), copy.toString()),
            Map.of())
        .ok();
    try (Stream<Path> files = Files.walk(copy.resolve("system/io/netty"))) {
      for (Path jar : files.filter(file -> file.toString().endsWith("_64.jar")).toList()) {
        withoutNativeCode(jar);
      }
    }
    try (gateway) {
      gateway.up();
      works(gateway);
      assertThat(Files.readString(Path.of("/proc/" + gateway.pid() + "/maps")))
          .contains("libjvm")
          .doesNotContain("netty");
    }
  }

  private static void withoutNativeCode(Path jar) throws IOException {
    try (FileSystem files = FileSystems.newFileSystem(jar);
        Stream<Path> natives = Files.list(files.getPath("META-INF/native"))) {
      for (Path library : natives.toList()) {
        Files.delete(library);
      }
    }
  }

  @Test
  void atRestNothingIsWritten() {
    try (Gateway gateway = new Gateway(directory.resolve("rest")).up()) {
      Path io = Path.of("/proc/" + gateway.pid() + "/io");
      AtomicReference<String> before = new AtomicReference<>("");
      await()
          .pollInterval(Duration.ofSeconds(10))
          .atMost(Duration.ofSeconds(90))
          .until(
              () -> {
                String written =
                    Files.readString(io).replaceAll("(?s).*(\\nwrite_bytes: \\d+)\\n.*", "$1");
                return written.equals(before.getAndSet(written));
              });
    }
  }
}
