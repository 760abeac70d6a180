package dev.gatehouse.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Leaf bundles leave and come back while a device goes on publishing. */
class HotDeployIT {
  @TempDir static Path directory;
  private static Gateway gateway;
  private static Device device;

  @BeforeAll
  static void up() throws Exception {
    gateway = new Gateway(directory.resolve("home")).up();
    device = new Device(gateway, directory.resolve("device"), Device.allow("iot:*"));
    Path rule =
        Files.writeString(
            directory.resolve("rule.json"),
            """
            {"sql": "SELECT * FROM 'in/#'", "actions": [
              {"republish": {"topic": "out/${topic(2)}", "roleArn": "arn:aws:iam::000000000000:role/r"}}]}
            """);
    gateway
        .aws(
            "iot",
            "create-topic-rule",
            "--rule-name",
            "copy",
            "--topic-rule-payload",
            "file://" + rule)
        .ok();
  }

  @AfterAll
  static void down() {
    gateway.close();
  }

  private static void bundle(String command, String name) {
    gateway.shell("bundle:" + command + " dev.gatehouse." + name).ok();
  }

  private static void awaitText(Device.Listener listener, String text) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(listener.heard()).contains(text));
  }

  @Test
  void everyLeafIsStoppedStartedUpdatedAndRemovedWhileOthersLoseNothing() throws Exception {
    List<String> leaves =
        List.of("actions.s3", "actions.republish", "rules", "shadow", "registry", "shell");
    try (Device.Listener listener = device.listen("witness", "-V", "mqttv5", "-t", "plain/#")) {
      awaitText(listener, "Subscribed");
      Device.Publisher publisher = device.publishNumbers("numbers", "plain/n");
      try (publisher) {
        for (String leaf : leaves) {
          String name = "dev.gatehouse." + leaf;
          Path newer = newer(name);
          gateway
              .shell(
                  "bundle:stop %1$s ; bundle:start %1$s ; bundle:update %1$s file:%2$s"
                      .formatted(name, newer))
              .ok();
          assertThat(gateway.shell("bundle:list -t 0 -s | grep " + name).out())
              .contains("Active")
              .contains("0.1.1");
          gateway
              .shell(
                  "bundle:uninstall %1$s ; bundle:install -s mvn:dev.gatehouse/%1$s/0.1.0"
                      .formatted(name))
              .ok();
        }
        publisher.finish();
      }
      awaitText(listener, "plain/n " + publisher.published() + "\n");
      assertThat(numbers(listener.heard()))
          .isEqualTo(IntStream.rangeClosed(1, publisher.published()).boxed().toList());
      assertThat(publisher.published()).isGreaterThan(100);
      assertThat(listener.heard()).containsOnlyOnce("CONNACK");
      assertThat(publisher.said()).containsOnlyOnce("CONNACK");
    }
    try (Device.Listener listener = device.listen("healed", "-V", "mqttv5", "-t", "out/#")) {
      awaitText(listener, "Subscribed");
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () -> assertThat(gateway.shell("gatehouse:health").out()).doesNotContain("DEGRADED"));
      device.publish("p", "mqttv5", "in/healed", "again").ok();
      awaitText(listener, "out/healed again");
    }
  }

  private static List<Integer> numbers(String heard) {
    return Pattern.compile("^plain/n (\\d+)$", Pattern.MULTILINE)
        .matcher(heard)
        .results()
        .map(match -> Integer.valueOf(match.group(1)))
        .toList();
  }

  /** A bundle's jar as its next version. */
  private static Path newer(String bundle) throws IOException {
    Path target = directory.resolve(bundle + "-0.1.1.jar");
    try (JarInputStream from = new JarInputStream(Files.newInputStream(jar(bundle)))) {
      Manifest manifest = from.getManifest();
      manifest.getMainAttributes().putValue("Bundle-Version", "0.1.1");
      try (JarOutputStream to = new JarOutputStream(Files.newOutputStream(target), manifest)) {
        for (JarEntry entry = from.getNextJarEntry();
            entry != null;
            entry = from.getNextJarEntry()) {
          to.putNextEntry(new JarEntry(entry.getName()));
          from.transferTo(to);
        }
      }
    }
    return target;
  }

  private static Path jar(String bundle) throws IOException {
    Path system = Path.of(System.getProperty("gatehouse.distribution"), "system/dev/gatehouse");
    try (Stream<Path> files = Files.walk(system.resolve(bundle))) {
      return files.filter(file -> file.toString().endsWith(".jar")).findFirst().orElseThrow();
    }
  }

  @Test
  void whatIsMissingFailsByNameAndHeals() {
    bundle("stop", "registry");
    assertThat(gateway.aws("iot", "list-things").out())
        .contains("NotImplementedException")
        .contains("ListThings is not served");
    bundle("start", "registry");
    gateway.aws("iot", "list-things").ok();

    bundle("stop", "shadow");
    Gateway.Result refused =
        device.publish("p", "mqttv5", "$aws/things/t/shadow/update", "{\"state\":{}}");
    assertThat(refused.out()).contains("Implementation specific error");
    bundle("start", "shadow");
    device.publish("p", "mqttv5", "$aws/things/t/shadow/update", "{\"state\":{}}").ok();

    bundle("stop", "actions.republish");
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () -> assertThat(gateway.shell("gatehouse:health").out()).contains("DEGRADED"));
    bundle("start", "actions.republish");
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () -> assertThat(gateway.shell("gatehouse:health").out()).doesNotContain("DEGRADED"));
  }

  @Test
  void aBundleDroppedIntoDeployIsInstalledAndTakenAway() throws Exception {
    Path jar = jar("dev.gatehouse.drivers.host");
    Path deployed = gateway.home().resolve("deploy/host-driver.jar");
    Files.copy(jar, deployed);
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(gateway.shell("bundle:list").out()).contains("Device driver: the host"));
    Files.delete(deployed);
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(gateway.shell("bundle:list").out())
                    .doesNotContain("Device driver: the host"));
  }

  @Test
  void anArchiveDroppedIntoDeployIsInstalledAndTakenAway() throws Exception {
    Path kar = directory.resolve("host-driver.kar");
    String path = "repository/dev/gatehouse/example/driver/1.0/driver-1.0";
    try (JarOutputStream to = new JarOutputStream(Files.newOutputStream(kar))) {
      to.putNextEntry(new JarEntry(path + "-features.xml"));
      to.write(
          """
          <features name="example" xmlns="http://karaf.apache.org/xmlns/features/v1.6.0">
            <feature name="example-driver" version="1.0">
              <bundle>mvn:dev.gatehouse.example/driver/1.0</bundle>
            </feature>
          </features>
          """
              .getBytes(StandardCharsets.UTF_8));
      to.putNextEntry(new JarEntry(path + ".jar"));
      Files.copy(jar("dev.gatehouse.drivers.host"), to);
    }
    Path deployed = gateway.home().resolve("deploy/host-driver.kar");
    Files.copy(kar, deployed);
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(gateway.shell("feature:list -i").out())
                    .containsPattern("example-driver[^\n]*Started"));
    Files.delete(deployed);
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(gateway.shell("feature:list -i").out())
                    .doesNotContain("example-driver"));
  }

  @Test
  void aFeatureIsInstalledAndTakenAwayOffline() {
    gateway.shell("feature:install gatehouse-driver-things").ok();
    assertThat(gateway.shell("bundle:list").out()).contains("Device drivers as things");
    gateway.shell("feature:uninstall gatehouse-driver-things").ok();
    assertThat(gateway.shell("bundle:list").out()).doesNotContain("Device drivers as things");
    gateway.aws("iot", "list-things").ok();
  }
}
