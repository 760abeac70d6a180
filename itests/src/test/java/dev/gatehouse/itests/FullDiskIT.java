package dev.gatehouse.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store's disk runs full under its clients, and is given space back. */
class FullDiskIT {
  private static final List<String> KEPT =
      List.of("-V", "mqttv5", "-c", "-x", "3600", "-t", "disk/#");

  private static final String ID = "AccessKey.AccessKeyId";

  @TempDir Path directory;
  private Path disk;
  private Gateway gateway;

  @BeforeEach
  void mount() throws IOException {
    gateway = new Gateway(directory.resolve("home"));
    disk = Files.createDirectories(gateway.home().resolve("store"));
    List<String> mount = List.of("mount", "-t", "tmpfs", "-o", "size=64m,mode=700", "tmpfs");
    List<String> command = new ArrayList<>(mount);
    command.add(disk.toString());
    assumeThat(gateway.run(command, Map.of()).code()).as("mounting a file system").isZero();
  }

  @AfterEach
  void unmount() {
    gateway.close();
    gateway.run(List.of("umount", disk.toString()), Map.of());
  }

  /** Takes all the space there is, but for what one more write would need. */
  private Path fill() throws IOException {
    Path filler = disk.resolve("filler");
    byte[] block = new byte[64 << 10];
    try (OutputStream out = Files.newOutputStream(filler)) {
      while (disk.toFile().getUsableSpace() > block.length) {
        out.write(block);
      }
    }
    return filler;
  }

  private boolean taken(Device device, String version, String payload) {
    Gateway.Result result = device.publish("writer-" + version, version, "disk/a", payload);
    return result.code() == 0 && !result.out().contains("failed");
  }

  private Gateway.Result shadow(String... arguments) {
    return gateway.aws("iot-data", arguments);
  }

  private Gateway.Result update(String color) {
    String document = "{\"state\":{\"reported\":{\"color\":\"" + color + "\"}}}";
    return shadow(
        "update-thing-shadow",
        "--cli-binary-format",
        "raw-in-base64-out",
        "--thing-name",
        "bulb",
        "--payload",
        document,
        "/dev/stdout");
  }

  private Gateway.Result read() {
    return shadow("get-thing-shadow", "--thing-name", "bulb", "/dev/stdout");
  }

  @Test
  void writersAreToldReadersAndQos0GoOnAndItHealsWithoutLoss() throws IOException {
    gateway.up();
    Device device = new Device(gateway, directory.resolve("device"), Device.allow("iot:*"));
    gateway.aws("iot", "create-thing", "--thing-name", "bulb").ok();
    gateway.aws("iot", "create-thing", "--thing-name", "other").ok();
    update("RED").ok();
    try (Device.Listener kept = device.listen("kept", KEPT.toArray(String[]::new))) {
      kept.await("SUBACK");
    }
    assertThat(taken(device, "mqttv5", "before")).isTrue();
    String key = prepareDeletions();

    Path filler = fill();
    await().atMost(Duration.ofSeconds(20)).until(() -> !taken(device, "mqttv5", "perhaps"));
    assertThat(device.publish("five", "mqttv5", "disk/a", "refused").out())
        .as("MQTT 5 reason 0x97")
        .contains("Quota exceeded");
    assertThat(taken(device, "mqttv311", "refused")).as("PUBACK to MQTT 3.1.1").isFalse();
    assertThat(update("GREEN").out()).contains("ServiceUnavailableException");
    assertThat(read().ok()).contains("RED");
    try (Device.Listener here = device.listen("here", "-V", "mqttv5", "-t", "live/#")) {
      here.await("SUBACK");
      device.publish("zero", List.of("-q", "0", "-t", "live/a", "-m", "flows")).ok();
      here.await("flows");
    }
    gateway.aws("iot", "delete-thing", "--thing-name", "other").ok();
    deleteOnTheFullDisk(key);
    comeBackOnTheFullDisk(device);
    await()
        .atMost(Duration.ofSeconds(20)) // what is wrong is looked for every ten seconds
        .until(() -> gateway.launcher("status").out().contains("disk is full"));

    Files.delete(filler);
    await().atMost(Duration.ofSeconds(20)).until(() -> taken(device, "mqttv311", "after"));
    update("BLUE").ok();
    ProcessHandle process = gateway.process();
    process.destroyForcibly();
    process.onExit().join();
    gateway.up();
    assertThat(read().ok()).contains("BLUE");
    assertThat(gateway.aws("iot", "describe-thing", "--thing-name", "other").out())
        .contains("ResourceNotFoundException");
    try (Device.Listener kept = device.listen("kept", KEPT.toArray(String[]::new))) {
      kept.await("disk/a after");
      assertThat(kept.heard()).doesNotContain("disk/a refused");
    }
  }

  /** Makes what is to be deleted; the id of an access key. */
  private String prepareDeletions() {
    gateway.aws("iot", "create-thing-group", "--thing-group-name", "hall").ok();
    gateway
        .aws(
            "iot", "add-thing-to-thing-group", "--thing-group-name", "hall", "--thing-name", "bulb")
        .ok();
    String document = Device.allow("iot:Publish");
    gateway.aws("iot", "create-policy", "--policy-name", "old", "--policy-document", document).ok();
    gateway
        .aws("iot", "create-policy-version", "--policy-name", "old", "--policy-document", document)
        .ok();
    gateway.aws("iam", "create-user", "--user-name", "anna").ok();
    return gateway
        .aws("iam", "create-access-key", "--user-name", "anna", "--output", "text", "--query", ID)
        .ok()
        .strip();
  }

  private void deleteOnTheFullDisk(String key) {
    gateway.aws("iam", "delete-access-key", "--user-name", "anna", "--access-key-id", key).ok();
    gateway
        .aws(
            "iot",
            "remove-thing-from-thing-group",
            "--thing-group-name",
            "hall",
            "--thing-name",
            "bulb")
        .ok();
    gateway
        .aws("iot", "delete-policy-version", "--policy-name", "old", "--policy-version-id", "2")
        .ok();
  }

  /** What fills the disk can be fetched, and a CONNECT that is refused takes nothing away. */
  private void comeBackOnTheFullDisk(Device device) {
    try (Device.Listener stranger =
        device.listen("new", "-V", "mqttv5", "-c", "-x", "3600", "-t", "disk/#")) {
      stranger.await("Server unavailable");
    }
    try (Device.Listener kept = device.listen("kept", KEPT.toArray(String[]::new))) {
      kept.await("disk/a before");
      assertThat(kept.heard()).doesNotContain("disk/a refused");
    }
  }
}
