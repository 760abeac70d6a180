package dev.gatehouse.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What rules owe a publisher whose message was acknowledged, and what they read of others. */
class RulesDeliveryIT {
  private static final String ROLE = "arn:aws:iam::000000000000:role/reader";

  @TempDir static Path directory;
  private static Gateway gateway;
  private static Device device;

  @BeforeAll
  static void up() {
    gateway = new Gateway(directory.resolve("home")).up();
    device = new Device(gateway, directory.resolve("device"), Device.allow("iot:*"));
    String trust =
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":"
            + "{\"Service\":\"iot.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}";
    gateway
        .aws("iam", "create-role", "--role-name", "reader", "--assume-role-policy-document", trust)
        .ok();
    allow("iot:Publish", "iot:DescribeThing", "s3:PutObject");
  }

  @AfterAll
  static void down() {
    gateway.close();
  }

  private static void allow(String... actions) {
    gateway
        .aws(
            "iam",
            "put-role-policy",
            "--role-name",
            "reader",
            "--policy-name",
            "all",
            "--policy-document",
            Device.allow(actions))
        .ok();
  }

  private static Gateway.Result rule(String name, String payload) throws IOException {
    Path file = Files.writeString(directory.resolve(name + ".json"), payload);
    return gateway.aws(
        "iot", "create-topic-rule", "--rule-name", name, "--topic-rule-payload", "file://" + file);
  }

  private static void awaitHealth(String text, boolean present) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> gateway.shell("gatehouse:health").out().contains(text) == present);
  }

  @Test
  void whatWasAcknowledgedWhileTheTargetWasAwayIsDeliveredAfterAKill() throws Exception {
    rule(
            "keep",
            """
            {"sql": "SELECT * FROM 'keep'", "awsIotSqlVersion": "2016-03-23", "actions": [
              {"s3": {"bucketName": "kept", "key": "${*}", "roleArn": "%s"}}]}
            """
                .formatted(ROLE))
        .ok();
    Path target = gateway.home().resolve("s3");
    Files.createFile(target); // where the directory should be: nothing can be written
    int sent;
    try (Device.Stream stream = device.stream("numbers", "keep")) {
      await().atMost(Duration.ofSeconds(20)).until(() -> stream.acknowledged() >= 100);
      sent = stream.finish();
    }
    ProcessHandle process = gateway.process();
    process.destroyForcibly();
    process.onExit().join();

    gateway.up();
    awaitHealth(sent + " wait for keep.0.s3", true);
    Files.delete(target);
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(objects(target.resolve("kept")))
                    .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, sent).mapToObj(n -> n + "=" + n).toList()));
    awaitHealth("wait for", false);
  }

  private static List<String> objects(Path bucket) throws IOException {
    if (!Files.isDirectory(bucket)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(bucket)) {
      return files.map(RulesDeliveryIT::object).toList();
    }
  }

  private static String object(Path file) {
    try {
      return file.getFileName() + "=" + Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void aRuleReadsTheRegistryWithTheRightsOfItsRoleWhileTheRegistryIsThere() throws Exception {
    gateway
        .aws(
            "iot",
            "create-thing",
            "--thing-name",
            "lamp",
            "--attribute-payload",
            "{\"attributes\":{\"room\":\"hall\"}}")
        .ok();
    String rule =
        """
        {"sql": "SELECT get_registry_data('DescribeThing', topic(2), '%1$s').attributes.room AS room FROM 'ask/+'",
         "awsIotSqlVersion": "2016-03-23",
         "actions": [{"republish": {"topic": "told/${topic(2)}", "roleArn": "%1$s"}}],
         "errorAction": {"republish": {"topic": "failed", "roleArn": "%1$s"}}}
        """
            .formatted(ROLE);
    rule("ask", rule).ok();
    try (Device.Listener told =
        device.listen("told", "-V", "mqttv5", "-t", "told/#", "-t", "failed")) {
      told.await("Subscribed");
      device.publish("p", "mqttv5", "ask/lamp", "{}").ok();
      told.await("told/lamp {\"room\":\"hall\"}");
      allow("iot:Publish");
      device.publish("p", "mqttv5", "ask/lamp", "{}").ok();
      told.await("may not do iot:DescribeThing on arn:aws:iot:us-east-1:000000000000:thing/lamp");
      allow("iot:Publish", "iot:DescribeThing", "s3:PutObject");

      gateway.shell("bundle:stop dev.gatehouse.registry").ok();
      awaitHealth("function get_registry_data needs a bundle that provides it", true);
      assertThat(rule("again", rule).out())
          .contains("SqlParseException")
          .contains("function get_registry_data needs a bundle that provides it");
      gateway.shell("bundle:start dev.gatehouse.registry").ok();
      awaitHealth("DEGRADED", false);
      device.publish("p", "mqttv5", "ask/lamp", "{}").ok();
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> told.heard().split("told/lamp \\{\"room\":\"hall\"}", -1).length == 3);
    }
  }
}
