package dev.gatehouse.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** MQTT on the HTTPS port, with Debian's Paho. */
class WebSocketIT {
  @TempDir static Path directory;
  private static Gateway gateway;
  private static Device device;
  private static Map<String, String> environment;

  @BeforeAll
  static void up() {
    gateway = new Gateway(directory.resolve("home")).up();
    environment = gateway.environment();
    device = new Device(gateway, directory.resolve("device"), Device.allow("iot:*"));
  }

  @AfterAll
  static void down() {
    gateway.close();
  }

  private static Gateway.Result client(String how, String version) throws URISyntaxException {
    Path script =
        Path.of(
            Objects.requireNonNull(WebSocketIT.class.getResource("/websocket_client.py")).toURI());
    return gateway.run(
        List.of(
            "/usr/bin/python3",
            script.toString(),
            how,
            version,
            "localhost",
            gateway.setting("GATEHOUSE_HTTPS_PORT"),
            gateway.home().resolve("pki/ca.pem").toString(),
            device.certificate().toString(),
            device.key().toString()),
        environment);
  }

  @ParameterizedTest
  @CsvSource({"alpn,3", "alpn,5", "certificate,3", "certificate,5", "signed,3", "signed,5"})
  void clientsPublishAndReceive(String how, String version) throws URISyntaxException {
    assertThat(client(how, version).ok().lines())
        .containsExactly("connected 0", "1", "100000", "3");
  }

  @Test
  void aForgedSignatureIsRefusedBeforeMqtt() throws URISyntaxException {
    assertThat(client("forged", "3").code()).isNotZero();
    await().until(() -> gateway.log().contains("operation=WebSocket"));
    assertThat(gateway.log().lines().filter(line -> line.contains("operation=WebSocket")))
        .first()
        .asString()
        .contains("status=403");
  }

  @Test
  void theMqttBundleComesAndGoesUnderTheHttpsPort() throws URISyntaxException {
    gateway.shell("bundle:stop dev.gatehouse.mqtt").ok();
    assertThat(client("certificate", "3").code()).isNotZero();
    gateway.shell("bundle:start dev.gatehouse.mqtt").ok();
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(client("certificate", "3").code()).isZero());
    assertThat(client("alpn", "3").code()).isZero();
  }
}
