package dev.gatehouse.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    // Made behind the start.
    await().until(() -> Files.exists(gateway.home().resolve("pki/server-rsa-only.pem")));
    TreeMap<String, String> pki = hashes(gateway.home().resolve("pki"));
    TreeMap<String, String> secrets = hashes(gateway.home().resolve("secrets"));
    assertThat(pki).containsKeys("ca.pem", "ca.key", "server-ec.pem", "server-rsa.pem");
    assertThat(secrets).containsKeys("admin.env", "seal.key");
    ProcessHandle process = gateway.process();
    long started = System.nanoTime();
    process.destroy(); // SIGTERM
    process.onExit().get(20, java.util.concurrent.TimeUnit.SECONDS);
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

  @Test
  void aGatewayThatIsKilledStartsAgainWithAllOfItsBundles() {
    Gateway gateway = new Gateway(directory.resolve("supervised")).with("GATEHOUSE_RESTART", "yes");
    try {
      gateway.up();
      gateway.shell("bundle:uninstall dev.gatehouse.actions.s3").ok();
      ProcessHandle killed = gateway.process();
      killed.destroyForcibly();
      killed.onExit().join();
      await()
          .atMost(Duration.ofSeconds(90))
          .ignoreExceptions()
          .until(
              () -> {
                JsonNode status = gateway.launcher("status", "--json").json();
                return status.get("ready").asBoolean()
                    && status.get("pid").asLong() != killed.pid();
              });
      assertThat(gateway.launcher("status").ok()).contains("restarts 1 (").contains("signal 9");
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () ->
                  gateway.log().contains("event=gateway-restarted restarts=1")
                      && gateway.log().contains("event=bundle-restored"));
      assertThat(gateway.shell("bundle:list -s | grep actions.s3").ok()).contains("Active");
    } finally {
      assertThat(gateway.launcher("down").ok()).isEqualTo("stopped");
    }
    assertThat(processesOf(gateway.home())).as("nothing is left behind").isEmpty();
    assertThat(gateway.launcher("status").out()).contains("not running");
  }

  /** A gateway that an end by TERM was asked of is not started again. */
  @Test
  void aGatewayThatIsAskedToStopStaysDown() {
    Gateway gateway = new Gateway(directory.resolve("asked")).with("GATEHOUSE_RESTART", "yes").up();
    gateway.process().destroy();
    await().atMost(Duration.ofSeconds(30)).until(() -> processesOf(gateway.home()).isEmpty());
    assertThat(gateway.launcher("down").ok()).isEqualTo("not running");
  }

  private static List<ProcessHandle> processesOf(Path home) {
    return ProcessHandle.allProcesses()
        .filter(
            process ->
                process
                    .info()
                    .commandLine()
                    .filter(line -> line.contains("=" + home) || line.contains("--home " + home))
                    .isPresent())
        .toList();
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

  @ParameterizedTest
  @ValueSource(strings = {"GATEHOUSE_MQTTS_PORT", "GATEHOUSE_HTTPS_PORT", "GATEHOUSE_SSH_PORT"})
  void aTakenPortIsNamedWithItsSetting(String setting) throws IOException {
    Gateway gateway = new Gateway(directory.resolve("taken"));
    try (ServerSocket taken = new ServerSocket(0)) {
      String port = Integer.toString(taken.getLocalPort());
      Gateway.Result result = gateway.with(setting, port).launcher("up", "-d");
      assertThat(result.code()).isEqualTo(1);
      assertThat(result.out())
          .contains("port " + port + " is in use by another program", setting + "=PORT");
      assertThat(gateway.launcher("status").out()).contains("not running");
    }
  }

  @Test
  void everyNewerJavaOfThisMachineRunsIt() throws Exception {
    List<Path> javas;
    try (Stream<Path> installed = Files.list(Path.of("/usr/lib/jvm"))) {
      javas =
          installed
              .filter(home -> !Files.isSymbolicLink(home))
              .filter(home -> Files.isExecutable(home.resolve("bin/java")))
              .filter(home -> version(home) > 17)
              .sorted()
              .toList();
    }
    assumeThat(javas).as("a Java newer than 17 in /usr/lib/jvm").isNotEmpty();
    for (Path java : javas) {
      try (Gateway gateway = new Gateway(directory.resolve("java-" + version(java)))) {
        gateway.with("JAVA_HOME", java.toString()).up();
        assertThat(gateway.process().info().command())
            .contains(java.resolve("bin/java").toString());
        publishesAndReceives(gateway);
        assertThat(gateway.launcher("down").ok()).isEqualTo("stopped");
        assertThat(gateway.log()).doesNotContain(" ERROR ");
      }
    }
  }

  private static int version(Path home) {
    try {
      String release = Files.readString(home.resolve("release"));
      Matcher matcher = Pattern.compile("JAVA_VERSION=\"(\\d+)").matcher(release);
      return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(home.toString(), e);
    }
  }

  private void publishesAndReceives(Gateway gateway) {
    Device device = new Device(gateway, directory.resolve("device"), Device.allow("iot:*"));
    try (Device.Listener listener = device.listen("ear", "-V", "mqttv5", "-t", "a/#")) {
      listener.await("Subscribed");
      device.publish("mouth", "mqttv311", "a/b", "heard").ok();
      listener.await("a/b heard");
    }
  }

  @Test
  void nativeTransportsMayBeSwitchedOff() throws IOException {
    try (Gateway gateway = new Gateway(directory.resolve("switched-off"))) {
      gateway.with("GATEHOUSE_JAVA_OPTS", "-Dio.netty.transport.noNative=true").up();
      assertThat(mapped(gateway)).doesNotContain("netty_transport_native");
      publishesAndReceives(gateway);
    }
  }

  @Test
  void nativeTransportsMayBeAbsent() throws IOException {
    Path copy = directory.resolve("copy");
    Gateway gateway = new Gateway(directory.resolve("absent"));
    gateway
        .run(
            List.of("cp", "-R", System.getProperty("gatehouse.distribution"), copy.toString()),
            Map.of())
        .ok();
    int emptied = 0;
    try (Stream<Path> files = Files.walk(copy.resolve("system/io/netty"))) {
      for (Path jar : files.filter(file -> file.toString().endsWith(".jar")).toList()) {
        emptied += Jars.withoutNatives(jar);
      }
    }
    assertThat(emptied).isGreaterThanOrEqualTo(2);
    try (gateway) {
      gateway
          .run(
              List.of(
                  "sh",
                  copy.resolve("gatehouse").toString(),
                  "up",
                  "-d",
                  "--home",
                  gateway.home().toString()),
              Map.of())
          .ok();
      assertThat(mapped(gateway)).doesNotContain("netty_transport_native");
      publishesAndReceives(gateway);
    }
  }

  private static String mapped(Gateway gateway) throws IOException {
    return Files.readString(Path.of("/proc/" + gateway.pid() + "/maps"));
  }
}
