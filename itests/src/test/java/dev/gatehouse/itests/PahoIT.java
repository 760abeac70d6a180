package dev.gatehouse.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debian's Eclipse Paho client over mutual TLS. */
class PahoIT {
  @TempDir static Path directory;
  private static Gateway gateway;
  private static Device device;

  @BeforeAll
  static void up() {
    gateway = new Gateway(directory.resolve("home")).up();
    device = new Device(gateway, directory.resolve("device"), Device.allow("iot:*"));
  }

  @AfterAll
  static void down() {
    gateway.close();
  }

  private static String client(String version) throws URISyntaxException {
    Path script =
        Path.of(Objects.requireNonNull(PahoIT.class.getResource("/paho_client.py")).toURI());
    return gateway
        .run(
            List.of(
                "/usr/bin/python3",
                script.toString(),
                version,
                "localhost",
                gateway.setting("GATEHOUSE_MQTTS_PORT"),
                gateway.home().resolve("pki/ca.pem").toString(),
                device.certificate().toString(),
                device.key().toString()),
            Map.of())
        .ok();
  }

  @Test
  void version311PublishesReceivesKeepsItsSessionAndLeavesAWill() throws URISyntaxException {
    assertThat(client("3").lines()).containsExactly("qos", "session", "will", "done");
  }

  @Test
  void version5DoesSoWithPropertiesToo() throws URISyntaxException {
    assertThat(client("5").lines()).containsExactly("qos", "properties", "session", "will", "done");
  }
}
