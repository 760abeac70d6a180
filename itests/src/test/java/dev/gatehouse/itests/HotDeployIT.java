package dev.gatehouse.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
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
      int sent;
      try (Device.Stream stream = device.stream("numbers", "plain/n")) {
        for (String leaf : leaves) {
          String name = "dev.gatehouse." + leaf;
          Path newer = directory.resolve(leaf + "-next.jar");
          Jars.copy(Jars.ofDistribution(leaf), newer, Map.of("Bundle-Version", "0.1.1"));
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
        sent = stream.finish();
        assertThat(stream.heard()).containsOnlyOnce("CONNACK");
      }
      awaitText(listener, "plain/n " + sent + "\n");
      assertThat(listener.heard().lines().filter(line -> line.startsWith("plain/n ")))
          .containsExactlyElementsOf(
              IntStream.rangeClosed(1, sent).mapToObj(n -> "plain/n " + n).toList());
      assertThat(listener.heard()).containsOnlyOnce("CONNACK");
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
    Path jar = Jars.ofDistribution("drivers.host");
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
  void aCopyOfABundleOfTheGatewayAndABrokenArchiveAreToldAndChangeNothing() throws Exception {
    Path copy =
        Files.copy(
            Jars.ofDistribution("shadow"), gateway.home().resolve("deploy/copy-of-shadow.jar"));
    Path broken = Files.writeString(gateway.home().resolve("deploy/broken.kar"), "no archive");
    awaitShell("gatehouse:health", "deploy/copy-of-shadow.jar is not installed", true);
    awaitShell("gatehouse:health", "deploy/broken.kar is not installed", true);
    assertThat(gateway.log())
        .contains("event=deploy-refused file=copy-of-shadow.jar")
        .contains("event=deploy-refused file=broken.kar");
    Files.delete(copy);
    Files.delete(broken);
    awaitShell("gatehouse:health", "is not installed", false);
    assertThat(gateway.shell("bundle:list -s | grep dev.gatehouse.shadow").ok()).contains("Active");
    device.publish("p", "mqttv5", "$aws/things/t/shadow/update", "{\"state\":{}}").ok();
  }

  @Test
  void aFeatureIsInstalledAndTakenAwayOffline() {
    gateway.shell("feature:install gatehouse-driver-things").ok();
    assertThat(gateway.shell("bundle:list").out()).contains("Device drivers as things");
    gateway.shell("feature:uninstall gatehouse-driver-things").ok();
    assertThat(gateway.shell("bundle:list").out()).doesNotContain("Device drivers as things");
    gateway.aws("iot", "list-things").ok();
  }

  @Test
  void aKarDroppedIntoDeployIsInstalledAndTakenAway() throws Exception {
    Path kar = directory.resolve("extra.kar");
    Jars.kar(kar, "extra", Jars.ofDistribution("drivers.host"));
    Path deployed = Files.copy(kar, gateway.home().resolve("deploy/extra.kar"));
    awaitShell("bundle:list", "Device driver: the host", true);
    assertThat(gateway.shell("kar:list").out()).contains("extra");
    Files.delete(deployed);
    awaitShell("bundle:list", "Device driver: the host", false);
    gateway.aws("iot", "list-things").ok();
  }

  private static void awaitShell(String command, String text, boolean present) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> gateway.shell(command).ok().contains(text) == present);
  }

  @Test
  void anActionIsUninstalledAndInstalledAgain() throws Exception {
    Path rule =
        Files.writeString(
            directory.resolve("keep.json"),
            """
            {"sql": "SELECT * FROM 'keep/#'", "actions": [
              {"s3": {"bucketName": "kept", "key": "${topic(2)}", "roleArn": "arn:aws:iam::000000000000:role/r"}}]}
            """);
    String[] create = {
      "create-topic-rule", "--rule-name", "keep", "--topic-rule-payload", "file://" + rule
    };
    gateway.aws("iot", create).ok();
    device.publish("k", "mqttv5", "keep/before", "{\"n\":1}").ok();
    awaitObject("before", "{\"n\":1}");

    String location =
        "mvn:dev.gatehouse/dev.gatehouse.actions.s3/"
            + Jars.ofDistribution("actions.s3").getParent().getFileName();
    bundle("uninstall", "actions.s3");
    awaitShell("gatehouse:health", "keep: no bundle provides the actions [s3]", true);
    create[2] = "second";
    assertThat(gateway.aws("iot", create).out())
        .contains("InvalidRequestException")
        .contains("no bundle here provides the action type 's3'");

    gateway.shell("bundle:install -s " + location).ok();
    awaitShell("gatehouse:health", "DEGRADED", false);
    device.publish("k", "mqttv5", "keep/after", "{\"n\":2}").ok();
    awaitObject("after", "{\"n\":2}");
    gateway.aws("iot", "delete-topic-rule", "--rule-name", "keep").ok();
  }

  /** The first object of an action that has just come may take longer than its publisher waits. */
  private static void awaitObject(String key, String content) {
    Path object = gateway.home().resolve("s3/kept").resolve(key);
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(object).hasContent(content));
  }

  @Test
  void theConsolesCommandsLeaveAndComeBack() {
    bundle("stop", "shell");
    assertThat(gateway.shell("gatehouse:health").out()).contains("Command not found");
    gateway.aws("iot", "list-things").ok();
    bundle("start", "shell");
    awaitShell("gatehouse:health", "store", true);
  }

  @Test
  void aBadSettingIsToldByNameAndTheOneBeforeStays() {
    String set = "config:property-set --pid dev.gatehouse.broker ";
    gateway.shell(set + "queueMessages 5000").ok();
    gateway.shell(set + "queueMessages banana").ok();
    awaitShell("gatehouse:health", "queueMessages is 'banana'", true);
    assertThat(gateway.shell("gatehouse:health").ok())
        .contains("1 to 10000000")
        .contains("In effect: 5000");
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> device.publish("p", "mqttv5", "a/b", "served").ok());
    gateway.shell("config:property-delete --pid dev.gatehouse.broker queueMessages").ok();
    awaitShell("gatehouse:health", "DEGRADED", false);
  }
}
