package dev.gatehouse.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shadows by the AWS CLI, by a device's certificate over HTTPS, and by the console. */
class ShadowIT {
  private static final String WISH = "{\"state\":{\"desired\":{\"color\":\"RED\"}}}";

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

  /** An answer: its status, and its body. */
  private record Answer(int status, JsonNode body) {}

  private static Answer call(Device device, String method, String path, String body) {
    List<String> command =
        new ArrayList<>(List.of("curl", "-s", "-X", method, "-w", "\n%{http_code}", "--cacert"));
    command.addAll(
        List.of(
            gateway.home().resolve("pki/ca.pem").toString(),
            "--cert",
            device.certificate().toString(),
            "--key",
            device.key().toString(),
            "https://localhost:" + gateway.setting("GATEHOUSE_HTTPS_PORT") + path));
    if (!body.isEmpty()) {
      command.addAll(List.of("--data-binary", body));
    }
    String out = gateway.run(command, Map.of()).ok();
    int status = out.lastIndexOf('\n');
    try {
      return new Answer(
          Integer.parseInt(out.substring(status + 1)),
          Gateway.JSON.readTree(out.substring(0, Math.max(0, status))));
    } catch (IOException e) {
      throw new UncheckedIOException(out, e);
    }
  }

  @Test
  void aDevicesCertificateReachesOverHttpsWhatItsPolicyAllows() {
    String thing = "arn:aws:iot:us-east-1:000000000000:thing/";
    Device device =
        new Device(
            gateway,
            directory.resolve("d1"),
            """
            {"Version":"2012-10-17","Statement":[
              {"Effect":"Allow","Action":["iot:Connect","iot:Subscribe","iot:Receive"],"Resource":"*"},
              {"Effect":"Allow","Action":["iot:GetThingShadow","iot:UpdateThingShadow"],"Resource":"%1$sbulb"},
              {"Effect":"Allow","Action":"iot:DeleteThingShadow","Resource":"%1$sbulb/config"},
              {"Effect":"Allow","Action":"iot:ListNamedShadowsForThing","Resource":"*"}]}
            """
                .formatted(thing));
    String path = "/things/bulb/shadow";
    try (Device.Listener listener =
        device.listen("app", "-V", "mqttv5", "-t", "$aws/things/bulb/shadow/#")) {
      listener.await("Subscribed");
      Answer updated = call(device, "POST", path, WISH);
      assertThat(updated.status()).isEqualTo(200);
      assertThat(updated.body().at("/state/desired/color").asText()).isEqualTo("RED");
      listener.await("$aws/things/bulb/shadow/update/accepted {");
      listener.await("$aws/things/bulb/shadow/update/delta {");
    }
    assertThat(call(device, "GET", path, "").body().at("/state/delta/color").asText())
        .isEqualTo("RED");
    Answer stale = call(device, "POST", path, "{\"state\":{},\"version\":9}");
    assertThat(stale.status()).isEqualTo(409);
    assertThat(stale.body().get("message").asText()).isEqualTo("Version conflict");
    assertThat(call(device, "DELETE", path, "").status()).as("not allowed").isEqualTo(403);
    assertThat(call(device, "GET", "/things/lamp/shadow", "").status()).isEqualTo(403);
    assertThat(call(device, "GET", path + "?name=config", "").status())
        .as("a named shadow is a resource of its own")
        .isEqualTo(403);
    assertThat(call(device, "DELETE", path + "?name=config", "").status())
        .as("allowed, and not there")
        .isEqualTo(404);
    assertThat(call(device, "GET", "/api/things/shadow/ListNamedShadowsForThing/bulb", "").status())
        .isEqualTo(200);
  }

  private static Gateway.Result data(String operation, String thing, String... arguments) {
    List<String> all = new ArrayList<>(List.of(operation, "--thing-name", thing));
    all.addAll(List.of(arguments));
    return gateway.aws("iot-data", all.toArray(String[]::new));
  }

  @Test
  void theAwsCliListsNamedShadowsAndAThingsShadowsOutliveIt() throws IOException {
    Path wish = Files.writeString(directory.resolve("wish.json"), WISH);
    String out = directory.resolve("out.json").toString();
    gateway.aws("iot", "create-thing", "--thing-name", "fan").ok();
    data("update-thing-shadow", "fan", "--payload", "fileb://" + wish, out).ok();
    for (String name : List.of("wifi", "config", "limits")) {
      data("update-thing-shadow", "fan", "--shadow-name", name, "--payload", "fileb://" + wish, out)
          .ok();
    }
    JsonNode first = data("list-named-shadows-for-thing", "fan", "--page-size", "2").json();
    assertThat(first.get("results").toString()).isEqualTo("[\"config\",\"limits\"]");
    JsonNode second =
        data("list-named-shadows-for-thing", "fan", "--next-token", first.get("nextToken").asText())
            .json();
    assertThat(second.get("results").toString()).isEqualTo("[\"wifi\"]");
    assertThat(second.has("nextToken")).isFalse();

    gateway.aws("iot", "delete-thing", "--thing-name", "fan").ok();
    data("get-thing-shadow", "fan", out).ok();
    assertThat(Gateway.JSON.readTree(Path.of(out).toFile()).get("version").asInt()).isEqualTo(1);
    data("delete-thing-shadow", "fan", out).ok();
    assertThat(data("get-thing-shadow", "fan", out).out())
        .contains("ResourceNotFoundException")
        .contains("No shadow exists with name: 'fan'");
    data("get-thing-shadow", "fan", "--shadow-name", "wifi", out).ok();
  }

  @Test
  void theConsoleUpdatesGetsListsAndDeletes() {
    await() // the console's key is made after the gateway is up
        .atMost(Duration.ofSeconds(60))
        .until(() -> gateway.shell("gatehouse:health").code() == 0);
    String update = "door '" + WISH + "'";
    assertThat(gateway.shell("gatehouse:shadow-update " + update).ok()).contains("\"version\":1");
    assertThat(gateway.shell("gatehouse:shadow-update --name lock " + update).ok())
        .contains("\"version\":1");
    assertThat(gateway.shell("gatehouse:shadow-get door").ok()).contains("\"delta\":{\"color\"");
    assertThat(gateway.shell("gatehouse:shadow-list").ok()).contains("door");
    assertThat(gateway.shell("gatehouse:shadow-list door").ok()).contains("lock");
    assertThat(gateway.shell("gatehouse:shadow-delete --name lock door").ok())
        .contains("\"version\":1");
    assertThat(gateway.shell("gatehouse:shadow-get --name lock door").out())
        .contains("404 No shadow exists with name: 'lock'");
    assertThat(gateway.shell("gatehouse:shadow-update door '{}'").out())
        .contains("400 Missing required node: state");
    assertThat(gateway.shell("gatehouse:shadow-update --help").ok()).contains("apostrophes");
  }
}
