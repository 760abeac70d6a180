package dev.gatehouse.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guide's profile, and limits that change under a client that is connected. */
class ProfileIT {
  @TempDir Path directory;

  @Test
  void theProfileHoldsAndChangesUnderConnectedClients() {
    try (Gateway gateway =
        new Gateway(directory.resolve("home")).with("GATEHOUSE_PROFILE", "aws-iot-2016").up()) {
      Device device = new Device(gateway, directory.resolve("device"), Device.allow("iot:*"));
      List<String> retained = List.of("-q", "1", "-t", "a/b", "-m", "kept", "-r");
      assertThat(device.publish("one", retained).code()).as("retain").isNotZero();
      assertThat(device.publish("two", "mqttv311", "a".repeat(257), "x").code())
          .as("a topic of 257 bytes")
          .isNotZero();
      Gateway.Result posted =
          gateway.aws("iot-data", "publish", "--topic", "a".repeat(257), "--payload", "eA==");
      assertThat(posted.out()).contains("InvalidRequestException", "at most 256 are taken");
      try (Device.Listener listener = device.listen("here", "-V", "mqttv5", "-t", "a/#")) {
        await().until(() -> listener.heard().contains("SUBACK"));
        device.publish("three", "mqttv311", "a", "the parent").ok();
        device.publish("four", "mqttv311", "a/b", "the child").ok();
        await().until(() -> listener.heard().contains("the child"));
        assertThat(listener.heard()).doesNotContain("the parent");

        for (String pid : List.of("dev.gatehouse.mqtt", "dev.gatehouse.broker")) {
          gateway.shell("config:property-set --pid " + pid + " profile full").ok();
        }
        await().until(() -> device.publish("five", retained).code() == 0);
        device.publish("six", "mqttv311", "a", "the parent too").ok();
        await().until(() -> listener.heard().contains("the parent too"));
        assertThat(listener.heard()).contains("kept").containsOnlyOnce("received CONNACK");

        gateway.shell("config:property-set --pid dev.gatehouse.mqtt profile azure").ok();
        await().until(() -> gateway.complaints().contains("profile is 'azure'"));
        device.publish("seven", retained).ok();
      }
    }
  }
}
