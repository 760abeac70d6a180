package dev.gatehouse.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * One gateway's store is backed up under load, restored, and damaged; each part goes on from it.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BackupIT {
  private static final String LOAD =
      """
      import boto3, os, sys
      iot = boto3.client('iot', endpoint_url=os.environ['GATEHOUSE_ENDPOINT'])
      i = 0
      while not os.path.exists(sys.argv[1]):
          iot.create_thing(thingName=f'load-{i}', attributePayload={'attributes': {'n': f'value-{i}-'}})
          print(f'load-{i}', flush=True)
          i += 1
      """;

  @TempDir static Path directory;
  private static Gateway gateway;
  private static Path backup;

  @BeforeAll
  static void up() {
    gateway = new Gateway(directory.resolve("home")).throttle("throttleFactor", "0").up();
    backup = directory.resolve("backup");
  }

  @AfterAll
  static void down() {
    gateway.close();
  }

  @Test
  @Order(1)
  void whatWasAnsweredBeforeABackupUnderLoadIsThereAfterItsRestore() throws Exception {
    Path script = Files.writeString(directory.resolve("load.py"), LOAD);
    Path answered = directory.resolve("answered");
    Path enough = directory.resolve("enough");
    ProcessBuilder builder =
        new ProcessBuilder("/usr/bin/python3", script.toString(), enough.toString())
            .redirectErrorStream(true)
            .redirectOutput(answered.toFile());
    builder.environment().putAll(gateway.environment());
    Process load = builder.start();
    List<String> before;
    try {
      Awaitility.await().until(() -> Files.readAllLines(answered).size() > 50);
      before = Files.readAllLines(answered);
      assertThat(gateway.shell("gatehouse:backup " + backup).ok()).contains("done:");
      assertThat(gateway.shell("gatehouse:backup " + backup).out()).contains("is not empty");
      int during = Files.readAllLines(answered).size();
      Awaitility.await().until(() -> Files.readAllLines(answered).size() > during + 20);
    } finally {
      Files.createFile(enough);
    }
    load.onExit().join();
    assertThat(load.exitValue()).as(() -> text(answered)).isZero();
    gateway.aws("iot", "create-thing", "--thing-name", "after-the-backup").ok();

    assertThat(gateway.launcher("restore", backup.toString()).out()).contains("the gateway runs");
    gateway.launcher("down").ok();
    assertThat(gateway.launcher("restore", backup.toString()).ok()).contains("restored up to");
    gateway.up();
    assertThat(gateway.aws("iot", "list-things", "--query", "things[].thingName").json())
        .extracting(name -> name.asText())
        .containsAll(before)
        .doesNotContain("after-the-backup");
    assertThat(gateway.shell("gatehouse:store-status").ok())
        .contains("READ_WRITE")
        .doesNotContain("damage");
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  @Order(2)
  void whatIsNoWholeBackupIsRefusedAndTheStoreStays() throws IOException {
    gateway.launcher("down").ok();
    Path damaged = directory.resolve("damaged");
    gateway.run(List.of("cp", "-R", backup.toString(), damaged.toString()), Map.of()).ok();
    damage(damaged, "value-7-");
    Gateway.Result result = gateway.launcher("restore", damaged.toString());
    assertThat(result.code()).isNotZero();
    assertThat(result.out()).contains(damaged + " is damaged").contains("offset");

    Path empty = Files.createDirectory(directory.resolve("empty"));
    Gateway.Result nothing = gateway.launcher("restore", empty.toString());
    assertThat(nothing.code()).isNotZero();
    assertThat(nothing.out()).contains(empty + " holds no backup");

    gateway.up();
    gateway.aws("iot", "describe-thing", "--thing-name", "load-7").ok();
    gateway.aws("iot", "create-thing", "--thing-name", "in-the-journal").ok();
  }

  /** Turns a bit over in a text that a checkpoint holds; returns in how many. */
  private static int damage(Path store, String text) throws IOException {
    int damaged = 0;
    try (Stream<Path> files = Files.list(store)) {
      for (Path file : files.filter(f -> f.toString().contains("checkpoint-")).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
        assertThat(at).as("where %s is in %s", text, file).isPositive();
        bytes[at + 5] ^= 1;
        Files.write(file, bytes);
        damaged++;
      }
    }
    return damaged;
  }

  @Test
  @Order(3)
  void aStoreWithoutAWholeCheckpointIsReadOnlyAndSaysSo() throws IOException {
    gateway.launcher("down").ok();
    assertThat(damage(gateway.home().resolve("store"), "value-7-")).isPositive();
    gateway.up();
    assertThat(gateway.launcher("status", "--json").json().get("health"))
        .anySatisfy(
            health -> {
              assertThat(health.get("component").asText()).isEqualTo("store");
              assertThat(health.get("state").asText()).isEqualTo("DOWN");
              assertThat(health.get("message").asText()).contains("read-only");
            });
    assertThat(gateway.launcher("status").out()).contains("read-only");
    Gateway.Result refused = gateway.aws("iot", "create-thing", "--thing-name", "late");
    assertThat(refused.code()).isNotZero();
    assertThat(refused.out()).contains("ServiceUnavailable").contains("read-only");
    gateway.aws("iot", "list-things").ok();
    gateway.aws("iot", "describe-thing", "--thing-name", "in-the-journal").ok();
    assertThat(gateway.aws("iot", "describe-thing", "--thing-name", "late").out())
        .contains("ResourceNotFoundException");
  }
}
