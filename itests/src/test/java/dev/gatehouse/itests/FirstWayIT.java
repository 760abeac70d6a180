package dev.gatehouse.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One way through the whole house, as unmodified clients see it. */
class FirstWayIT {
  @TempDir static Path directory;
  private static Gateway gateway;

  @BeforeAll
  static void up() {
    gateway = new Gateway(directory.resolve("home")).up();
  }

  @AfterAll
  static void down() {
    gateway.close();
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content);
  }

  @Test
  void thingsAreCreatedListedDescribedAndDeletedByTheAwsCli() {
    String arn =
        gateway
            .aws(
                "iot",
                "create-thing",
                "--thing-name",
                "lamp",
                "--attribute-payload",
                "{\"attributes\":{\"room\":\"kitchen\"}}")
            .json()
            .get("thingArn")
            .asText();
    assertThat(arn).isEqualTo("arn:aws:iot:us-east-1:000000000000:thing/lamp");
    JsonNode described = gateway.aws("iot", "describe-thing", "--thing-name", "lamp").json();
    assertThat(described.get("version").asInt()).isEqualTo(1);
    assertThat(described.get("attributes").get("room").asText()).isEqualTo("kitchen");
    assertThat(gateway.aws("iot", "list-things").ok()).contains("\"lamp\"");
    assertThat(
            gateway
                .aws("iot", "list-things", "--attribute-name", "room", "--attribute-value", "attic")
                .ok())
        .doesNotContain("lamp");
    gateway.aws("iot", "delete-thing", "--thing-name", "lamp").ok();
    Gateway.Result gone = gateway.aws("iot", "describe-thing", "--thing-name", "lamp");
    assertThat(gone.code()).isNotZero();
    assertThat(gone.out()).contains("ResourceNotFoundException").contains("'lamp'");
  }

  @Test
  void theEndpointIsTheGateways() {
    assertThat(gateway.aws("iot", "describe-endpoint").json().get("endpointAddress").asText())
        .isEqualTo("localhost:" + gateway.setting("GATEHOUSE_HTTPS_PORT"));
  }

  @Test
  void aWrongSecretIsRefused() {
    Map<String, String> environment = gateway.environment();
    environment.put("AWS_SECRET_ACCESS_KEY", "x".repeat(40));
    Gateway.Result result =
        gateway.run(
            List.of(
                "/usr/bin/aws",
                "--endpoint-url",
                environment.get("GATEHOUSE_ENDPOINT"),
                "iot",
                "list-things"),
            environment);
    assertThat(result.code()).isNotZero();
    assertThat(result.out()).contains("InvalidSignatureException");
  }

  @Test
  void anOperationThatIsNotServedIsNamed() {
    Gateway.Result result = gateway.aws("iot", "list-jobs");
    assertThat(result.out()).contains("NotImplementedException").contains("ListJobs");
  }

  @Test
  void bothVersionsOfMqttPublishAndReceiveOverMutualTls() {
    Device device = new Device(gateway, directory.resolve("d1"), Device.allow("iot:*"));
    try (Device.Listener five = device.listen("five", "-V", "mqttv5", "-t", "house/#");
        Device.Listener three = device.listen("three", "-V", "mqttv311", "-t", "house/+/temp")) {
      awaitText(five, "Subscribed");
      awaitText(three, "Subscribed");
      device.publish("p5", "mqttv5", "house/a/temp", "one").ok();
      device.publish("p3", "mqttv311", "house/b/temp", "two").ok();
      for (Device.Listener listener : List.of(five, three)) {
        awaitText(listener, "house/a/temp one");
        awaitText(listener, "house/b/temp two");
      }
    }
  }

  private static void awaitText(Device.Listener listener, String text) {
    await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(() -> assertThat(listener.heard()).contains(text));
  }

  @Test
  void policiesDecideConnectPublishSubscribeAndReceive() {
    String account = "arn:aws:iot:us-east-1:000000000000:";
    Device device =
        new Device(
            gateway,
            directory.resolve("d2"),
            """
            {"Version":"2012-10-17","Statement":[
              {"Effect":"Allow","Action":"iot:Connect","Resource":"%1$sclient/good*"},
              {"Effect":"Allow","Action":"iot:Subscribe","Resource":"%1$stopicfilter/mine/#"},
              {"Effect":"Allow","Action":"iot:Publish","Resource":"%1$stopic/mine/*"},
              {"Effect":"Allow","Action":"iot:Receive","Resource":"%1$stopic/mine/public"}]}
            """
                .formatted(account));
    assertThat(device.publish("bad", "mqttv5", "mine/public", "x").code()).isNotZero();
    assertThat(device.publish("good", "mqttv311", "yours", "x").code()).isNotZero();
    try (Device.Listener listener =
        device.listen("good-sub", "-V", "mqttv5", "-t", "mine/#", "-t", "yours/#")) {
      awaitText(listener, "Subscribed (mid: 1): 1, 135");
      device.publish("good-pub", "mqttv5", "mine/secret", "hidden").ok();
      device.publish("good-pub", "mqttv5", "mine/public", "shown").ok();
      awaitText(listener, "mine/public shown");
      assertThat(listener.heard()).doesNotContain("hidden");
    }
  }

  @Test
  void aDeactivatedCertificateIsCutOffWithinASecond() {
    Device device = new Device(gateway, directory.resolve("d3"), Device.allow("iot:*"));
    try (Device.Listener listener = device.listen("cut", "-V", "mqttv5", "-t", "x")) {
      awaitText(listener, "Subscribed");
      gateway
          .aws(
              "iot",
              "update-certificate",
              "--certificate-id",
              device.id(),
              "--new-status",
              "INACTIVE")
          .ok();
      await()
          .atMost(Duration.ofSeconds(5))
          .until(() -> listener.heard().contains("(152)") || !listener.alive());
      assertThat(device.publish("again", "mqttv5", "x", "x").code()).isNotZero();
    }
  }

  @Test
  void aShadowIsOneOverMqttAndHttp() throws IOException {
    Device device = new Device(gateway, directory.resolve("d4"), Device.allow("iot:*"));
    String shadow = "$aws/things/bulb/shadow/";
    Path out = directory.resolve("shadow.json");
    try (Device.Listener listener = device.listen("bulb", "-V", "mqttv5", "-t", shadow + "#")) {
      awaitText(listener, "Subscribed");
      gateway
          .aws(
              "iot-data",
              "update-thing-shadow",
              "--thing-name",
              "bulb",
              "--payload",
              "fileb://" + file("wish.json", "{\"state\":{\"desired\":{\"color\":\"RED\"}}}"),
              out.toString())
          .ok();
      awaitText(listener, shadow + "update/delta {");
      awaitText(listener, shadow + "update/documents {");
      device
          .publish(
              "report",
              "mqttv5",
              shadow + "update",
              "{\"state\":{\"reported\":{\"color\":\"RED\"}},\"version\":7}")
          .ok();
      awaitText(
          listener, shadow + "update/rejected {\"code\":409,\"message\":\"Version conflict\"");
      device
          .publish(
              "report",
              "mqttv5",
              shadow + "update",
              "{\"state\":{\"reported\":{\"color\":\"RED\"}},\"version\":1}")
          .ok();
      gateway.aws("iot-data", "get-thing-shadow", "--thing-name", "bulb", out.toString()).ok();
      JsonNode document = Gateway.JSON.readTree(out.toFile());
      assertThat(document.get("version").asInt()).isEqualTo(2);
      assertThat(document.get("state").has("delta")).isFalse();
      gateway.aws("iot-data", "delete-thing-shadow", "--thing-name", "bulb", out.toString()).ok();
      assertThat(
              gateway
                  .aws("iot-data", "get-thing-shadow", "--thing-name", "bulb", out.toString())
                  .out())
          .contains("ResourceNotFoundException");
    }
  }

  @Test
  void aRuleSelectsRepublishesAndKeepsObjects() throws IOException {
    Device device = new Device(gateway, directory.resolve("d5"), Device.allow("iot:*"));
    Path rule =
        file(
            "rule.json",
            """
            {"sql": "SELECT temp, topic(2) AS id FROM 'rule/+/temp' WHERE temp > 50",
             "awsIotSqlVersion": "2016-03-23",
             "actions": [
               {"republish": {"topic": "hot/${topic(2)}", "roleArn": "arn:aws:iam::000000000000:role/r"}},
               {"s3": {"bucketName": "readings", "key": "${topic(2)}.json", "roleArn": "arn:aws:iam::000000000000:role/r"}}]}
            """);
    gateway
        .aws(
            "iot",
            "create-topic-rule",
            "--rule-name",
            "hot",
            "--topic-rule-payload",
            "file://" + rule)
        .ok();
    assertThat(gateway.aws("iot", "list-topic-rules").ok()).contains("\"hot\"");
    assertThat(
            gateway
                .aws("iot", "get-topic-rule", "--rule-name", "hot")
                .json()
                .get("rule")
                .get("sql")
                .asText())
        .contains("temp > 50");
    try (Device.Listener listener = device.listen("alarm", "-V", "mqttv5", "-t", "hot/#")) {
      awaitText(listener, "Subscribed");
      device.publish("s", "mqttv5", "rule/r1/temp", "{\"temp\":21}").ok();
      device.publish("s", "mqttv5", "rule/r2/temp", "{\"temp\":64}").ok();
      awaitText(listener, "hot/r2 {\"temp\":64,\"id\":\"r2\"}");
      assertThat(listener.heard()).doesNotContain("hot/r1");
    }
    Path object = gateway.home().resolve("s3/readings/r2.json");
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(object).hasContent("{\"temp\":64,\"id\":\"r2\"}"));
    Gateway.Result wrong =
        gateway.aws(
            "iot",
            "create-topic-rule",
            "--rule-name",
            "bad",
            "--topic-rule-payload",
            "{\"sql\":\"SELEC * FROM 'x'\",\"actions\":[]}");
    assertThat(wrong.code()).isNotZero();
    gateway.aws("iot", "delete-topic-rule", "--rule-name", "hot").ok();
  }

  @Test
  void boto3PublishesWithAQualityOfService() throws IOException {
    Device device = new Device(gateway, directory.resolve("d6"), Device.allow("iot:*"));
    Path script =
        file(
            "publish.py",
            """
            import boto3, os
            data = boto3.client('iot-data', endpoint_url=os.environ['GATEHOUSE_ENDPOINT'])
            print(data.publish(topic='boto/a b', qos=1, payload=b'from boto')['ResponseMetadata']['HTTPStatusCode'])
            things = boto3.client('iot', endpoint_url=os.environ['GATEHOUSE_ENDPOINT'])
            things.create_thing(thingName='by-boto')
            print(things.describe_thing(thingName='by-boto')['version'])
            """);
    try (Device.Listener listener = device.listen("boto", "-V", "mqttv5", "-t", "boto/#")) {
      awaitText(listener, "Subscribed");
      assertThat(
              gateway
                  .run(List.of("/usr/bin/python3", script.toString()), gateway.environment())
                  .ok())
          .isEqualTo("200\n1");
      awaitText(listener, "boto/a b from boto");
    }
  }

  @Test
  void aPersistentSessionGetsWhatCameWhileItWasAway() {
    Device device = new Device(gateway, directory.resolve("d7"), Device.allow("iot:*"));
    try (Device.Listener listener = device.listen("away", "-V", "mqttv311", "-c", "-t", "mail/#")) {
      awaitText(listener, "Subscribed");
    }
    device.publish("sender", "mqttv5", "mail/1", "waiting").ok();
    try (Device.Listener listener = device.listen("away", "-V", "mqttv311", "-c", "-t", "mail/#")) {
      awaitText(listener, "mail/1 waiting");
    }
  }

  @Test
  void membersOfASharedSubscriptionTakeTurns() {
    Device device = new Device(gateway, directory.resolve("d8"), Device.allow("iot:*"));
    try (Device.Listener one = device.listen("m1", "-V", "mqttv5", "-t", "$share/g/jobs/+");
        Device.Listener two = device.listen("m2", "-V", "mqttv311", "-t", "$share/g/jobs/+")) {
      awaitText(one, "Subscribed");
      awaitText(two, "Subscribed");
      for (int i = 0; i < 4; i++) {
        device.publish("sender", "mqttv5", "jobs/" + i, "done").ok();
      }
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(
              () ->
                  assertThat((one.heard() + two.heard()).lines().filter(l -> l.endsWith(" done")))
                      .containsExactlyInAnyOrder(
                          "jobs/0 done", "jobs/1 done", "jobs/2 done", "jobs/3 done"));
      assertThat(one.heard().lines().filter(l -> l.endsWith(" done"))).hasSize(2);
    }
  }

  @Test
  void secretsAreTheOwnersOnlyAndThereIsNoPasswordAnywhere() throws IOException {
    try (Stream<Path> files = Files.walk(gateway.home().resolve("secrets"))) {
      for (Path file : files.toList()) {
        assertThat(
                java.nio.file.attribute.PosixFilePermissions.toString(
                    Files.getPosixFilePermissions(file)))
            .as(file.toString())
            .matches("rw[x-]------");
      }
    }
    assertThat(Files.readAllLines(gateway.home().resolve("etc/users.properties")))
        .allMatch(line -> line.isBlank() || line.startsWith("#"));
    Map<String, String> environment = gateway.environment();
    assertThat(gateway.log()).doesNotContain(environment.get("AWS_SECRET_ACCESS_KEY"));
  }
}
