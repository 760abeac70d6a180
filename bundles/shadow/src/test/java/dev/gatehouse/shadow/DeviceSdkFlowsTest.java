package dev.gatehouse.shadow;

import static dev.gatehouse.shadow.Fixtures.json;
import static dev.gatehouse.shadow.House.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.message.Mailbox;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The messages that Device SDKs exchange with a shadow, and what they make of the answers. */
final class DeviceSdkFlowsTest {
  private final House house = new House();

  /** A client that subscribes to topics and keeps what came since it asked. */
  private final class Client {
    final String id;
    final String prefix;
    final List<String> topics = new ArrayList<>();
    final List<ObjectNode> heard = new ArrayList<>();
    long version;
    private int tokens;

    Client(String id, String prefix, String... answers) {
      this.id = id;
      this.prefix = prefix;
      for (String answer : answers) {
        house.bus.subscribe(
            ACCOUNT,
            new TopicFilter(prefix + answer),
            new Mailbox(id, 100, Mailbox.Overflow.REFUSE, false),
            message -> {
              topics.add(answer);
              heard.add(Fixtures.tree(message.payload().bytes()));
              return CompletableFuture.completedFuture(null);
            });
      }
    }

    /** Asks as the SDK of JavaScript and Python does; the token of the request. */
    String ask(String method, ObjectNode request) {
      String token = id + "-" + tokens++;
      request.put("clientToken", token);
      topics.clear();
      heard.clear();
      house.ask(id, prefix + method, Json.text(request));
      return token;
    }

    ObjectNode answer(String topic) {
      assertThat(topics).contains(topic);
      return heard.get(topics.lastIndexOf(topic));
    }
  }

  private static Client javaScript(DeviceSdkFlowsTest test, String id) {
    return test
    .new Client(
        id,
        House.TOPIC,
        "update/accepted",
        "update/rejected",
        "get/accepted",
        "get/rejected",
        "delete/accepted",
        "delete/rejected",
        "update/delta");
  }

  /**
   * thingShadow of the JavaScript v1 SDK: an answer belongs to the request with its token; the
   * version of each answer is kept and sent with the next update.
   */
  private static void accepted(Client client, String method, String token) {
    ObjectNode answer = client.answer(method + "/accepted");
    assertThat(answer.get("clientToken").asText()).isEqualTo(token);
    assertThat(answer.get("timestamp").isIntegralNumber()).isTrue();
    client.version = answer.get("version").asLong();
  }

  @Test
  void javaScriptsThingShadowGetsUpdatesAndDeletesWithVersions() {
    Client device = javaScript(this, "device");
    Client app = javaScript(this, "app");
    String token = device.ask("get", Json.object());
    ObjectNode missing = device.answer("get/rejected");
    assertThat(missing.get("code").asInt()).isEqualTo(404);
    assertThat(missing.get("clientToken").asText()).isEqualTo(token);

    token = device.ask("update", json("{'state': {'reported': {'on': false}}}"));
    accepted(device, "update", token);
    token = app.ask("get", Json.object());
    accepted(app, "get", token);
    token = app.ask("update", json("{'state': {'desired': {'on': true}}}").put("version", 1));
    accepted(app, "update", token);

    ObjectNode delta = device.answer("update/delta");
    assertThat(delta.get("state")).isEqualTo(json("{'on': true}"));
    assertThat(delta.get("version").asLong()).isGreaterThan(device.version);
    assertThat(device.answer("update/accepted").get("clientToken").asText())
        .as("a foreign state change")
        .isEqualTo(token);

    String stale =
        device.ask(
            "update", json("{'state': {'reported': {'on': true}}}").put("version", device.version));
    ObjectNode conflict = device.answer("update/rejected");
    assertThat(conflict.get("code").asInt()).isEqualTo(409);
    assertThat(conflict.get("clientToken").asText()).isEqualTo(stale);

    accepted(device, "get", device.ask("get", Json.object()));
    token =
        device.ask(
            "update", json("{'state': {'reported': {'on': true}}}").put("version", device.version));
    accepted(device, "update", token);
    assertThat(device.version).isEqualTo(3);
    assertThat(device.topics).doesNotContain("update/delta");
    accepted(device, "delete", device.ask("delete", Json.object()));
    assertThat(app.answer("delete/accepted").get("version").asLong()).isEqualTo(3);
  }

  /**
   * AWSIotDevice of the Java v1 SDK: subscribes a method's accepted and rejected before its first
   * use, reports with the version it knows, and asks again after a conflict.
   */
  @Test
  void javasDeviceReportsSyncsAfterAConflictAndAppliesDeltas() {
    Client device =
        new Client(
            "java",
            House.TOPIC,
            "update/delta",
            "get/accepted",
            "get/rejected",
            "update/accepted",
            "update/rejected");
    house.update("{'state': {'reported': {'windowOpen': false, 'roomTemperature': 65.0}}}");
    accepted(device, "get", device.ask("get", Json.object()));
    house.update("{'state': {'desired': {'windowOpen': true}}}");
    assertThat(device.answer("update/delta").get("state")).isEqualTo(json("{'windowOpen': true}"));

    String report = "{'state': {'reported': {'windowOpen': true, 'roomTemperature': 66.5}}}";
    device.ask("update", json(report).put("version", device.version));
    assertThat(device.answer("update/rejected").get("code").asInt()).isEqualTo(409);
    accepted(device, "get", device.ask("get", Json.object()));
    assertThat(device.answer("get/accepted").at("/state/delta"))
        .isEqualTo(json("{'windowOpen': true}"));
    accepted(device, "update", device.ask("update", json(report).put("version", device.version)));
    assertThat(device.topics).containsExactly("update/accepted");
  }

  /**
   * IotShadowClient of the v2 SDKs: the request itself names thing and shadow, a random token, and
   * answers carry every member of its model.
   */
  @Test
  void theSecondGenerationsShadowClientsSeeTheirOwnModels() {
    String prefix = House.TOPIC + "name/config/";
    Client client =
        new Client(
            "v2",
            prefix,
            "get/accepted",
            "get/rejected",
            "update/accepted",
            "update/rejected",
            "update/delta",
            "update/documents",
            "delete/accepted",
            "delete/rejected");
    client.ask("get", json("{'thingName': 'bulb', 'shadowName': 'config'}"));
    ObjectNode error = client.answer("get/rejected");
    assertThat(error.get("message").asText()).isEqualTo("No shadow exists with name: 'config'");
    assertThat(error.get("timestamp").asLong()).isEqualTo(1_000);

    ObjectNode update =
        json(
            "{'thingName': 'bulb', 'shadowName': 'config',"
                + " 'state': {'desired': {'color': 'green'}, 'reported': {'color': 'red'}}}");
    accepted(client, "update", client.ask("update", update));
    assertThat(client.topics)
        .containsExactly("update/accepted", "update/delta", "update/documents");
    for (String event : List.of("update/delta", "update/documents")) {
      ObjectNode told = client.answer(event);
      assertThat(told.get("timestamp").asLong()).isEqualTo(1_000);
      assertThat(told.get("clientToken").asText()).isEqualTo("v2-1");
    }
    ObjectNode documents = client.answer("update/documents");
    assertThat(documents.get("previous").isNull()).isTrue();
    for (String member : List.of("state", "metadata", "version")) {
      assertThat(documents.get("current").has(member)).as(member).isTrue();
    }
    accepted(client, "get", client.ask("get", json("{'thingName': 'bulb'}")));
    assertThat(client.answer("get/accepted").at("/state/delta"))
        .isEqualTo(json("{'color': 'green'}"));
    accepted(client, "delete", client.ask("delete", json("{'thingName': 'bulb'}")));
    assertThat(house.told("update/accepted")).as("the classic shadow's topic").isEmpty();
  }

  @Test
  void everyTokenOfTheSdksFitsWithinSixtyFourBytes() {
    Client client = javaScript(this, "c".repeat(62));
    accepted(client, "update", client.ask("update", json("{'state': {}}")));
    String uuid = "7A2F0B4E-6C1D-4F0E-9A39-0D6A6D3C6B11".toLowerCase(Locale.ROOT);
    house.ask("v2", House.TOPIC + "get", "{'clientToken': '" + uuid + "'}");
    assertThat(client.heard.get(client.heard.size() - 1).get("clientToken").asText())
        .isEqualTo(uuid);
  }
}
