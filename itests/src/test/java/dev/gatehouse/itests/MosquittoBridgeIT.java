package dev.gatehouse.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mosquitto broker that bridges to the gateway, as docs/mqtt.md has it, with its defaults. */
class MosquittoBridgeIT {
  @TempDir Path directory;

  @Test
  void itStaysConnectedAndMessagesGoBothWaysOnce() throws IOException {
    try (Gateway gateway = new Gateway(directory.resolve("home")).up()) {
      String port = Integer.toString(Gateway.freePort());
      Device site = new Device(gateway, directory.resolve("site"), Device.allow("iot:*"));
      Path log = directory.resolve("mosquitto.log");
      Process broker = broker(configuration(gateway, site, port), log);
      try (Device.Listener ear = site.listen("ear", "-t", "out/#", "-t", "both/#")) {
        await().atMost(Duration.ofSeconds(20)).until(() -> local(gateway, port, "-t", "x"));
        await()
            .atMost(Duration.ofSeconds(20))
            .untilAsserted(
                () ->
                    assertThat(gateway.log().contains("publish-ignored clientId=site-1"))
                        .as("bridged\n%s\n%s", Files.readString(log), gateway.complaints())
                        .isTrue());
        Process hearing = hear(port, directory.resolve("local.log"));
        try {
          ear.await("SUBACK");
          assertThat(local(gateway, port, "-t", "out/1", "-m", "from site", "-q", "1")).isTrue();
          ear.await("out/1 from site");
          assertThat(local(gateway, port, "-t", "both/1", "-m", "there and back", "-q", "1"))
              .isTrue();
          ear.await("both/1 there and back");
          site.publish("mouth", List.of("-q", "1", "-r", "-t", "in/1", "-m", "to site"));
          site.publish("mouth", List.of("-q", "1", "-t", "both/2", "-m", "last"));
          await()
              .atMost(Duration.ofSeconds(20))
              .until(() -> Files.readString(directory.resolve("local.log")).contains("last"));
          assertThat(Files.readString(directory.resolve("local.log")).lines())
              .containsExactly("both/1 there and back", "in/1 to site", "both/2 last");
          assertThat(ear.heard().split("both/1 there and back", -1)).hasSize(2);
        } finally {
          hearing.destroy();
        }
        assertThat(Files.readString(log).split("sending CONNECT", -1))
            .as("it connected once:\n%s", Files.readString(log))
            .hasSize(2);
        // a bridge gets RETAIN as it was published, so the site's broker retains it, too
        Path late = directory.resolve("late.log");
        Process retained = hear(port, late);
        try {
          await()
              .atMost(Duration.ofSeconds(20))
              .until(() -> Files.readString(late).contains("in/1 to site"));
        } finally {
          retained.destroy();
        }
      } finally {
        broker.destroy();
      }
    }
  }

  private Path configuration(Gateway gateway, Device site, String port) throws IOException {
    return Files.writeString(
        directory.resolve("mosquitto.conf"),
        String.join(
            "\n",
            "user " + System.getProperty("user.name"), // root would become user mosquitto
            "listener " + port + " 127.0.0.1",
            "allow_anonymous true",
            "connection gatehouse",
            "address localhost:" + gateway.setting("GATEHOUSE_MQTTS_PORT"),
            "bridge_cafile " + gateway.home().resolve("pki/ca.pem"),
            "bridge_certfile " + site.certificate(),
            "bridge_keyfile " + site.key(),
            "remote_clientid site-1",
            "topic out/# out 1",
            "topic in/# in 1",
            "topic both/# both 1",
            "cleansession false",
            ""));
  }

  private static Process broker(Path configuration, Path log) throws IOException {
    return new ProcessBuilder("/usr/sbin/mosquitto", "-v", "-c", configuration.toString())
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  /** Publishes on the site's own broker. */
  private static boolean local(Gateway gateway, String port, String... arguments) {
    List<String> command =
        new ArrayList<>(List.of("mosquitto_pub", "-h", "127.0.0.1", "-p", port, "-i", "site-app"));
    command.addAll(List.of(arguments));
    if (!command.contains("-m")) {
      command.add("-n");
    }
    return gateway.run(command, Map.of()).code() == 0;
  }

  private static Process hear(String port, Path out) throws IOException {
    return new ProcessBuilder(
            "stdbuf",
            "-oL",
            "mosquitto_sub",
            "-h",
            "127.0.0.1",
            "-p",
            port,
            "-v",
            "-q",
            "1",
            "-t",
            "in/#",
            "-t",
            "both/#")
        .redirectErrorStream(true)
        .redirectOutput(out.toFile())
        .start();
  }
}
