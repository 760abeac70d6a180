package dev.gatehouse.itests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.itests.RealClient.Got;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that others wrote, over mutual TLS and WebSocket, in both versions. */
class ClientsIT {
  private static final String MQTT_JS = "5.14.1";

  @TempDir static Path directory;
  private static Gateway gateway;
  private static Device device;
  private static Map<String, RealClient.Maker> makers = Map.of();

  @BeforeAll
  static void up() {
    gateway = new Gateway(directory.resolve("home")).up();
    device = new Device(gateway, directory.resolve("device"), Device.allow("iot:*"));
    Keys keys = Keys.of(device, gateway.home().resolve("pki/ca.pem"));
    SSLSocketFactory sockets = keys.context().getSocketFactory();
    makers =
        Map.of(
            "paho3", PahoClients.version3(sockets),
            "paho5", PahoClients.version5(sockets),
            "hivemq3", HiveMqClients.version3(keys),
            "hivemq5", HiveMqClients.version5(keys));
  }

  @AfterAll
  static void down() {
    gateway.close();
  }

  private static String uri(String scheme) {
    return scheme.equals("wss")
        ? "wss://localhost:" + gateway.setting("GATEHOUSE_HTTPS_PORT") + "/mqtt"
        : "ssl://localhost:" + gateway.setting("GATEHOUSE_MQTTS_PORT");
  }

  @ParameterizedTest
  @CsvSource({
    "paho3, ssl",
    "paho3, wss",
    "paho5, ssl",
    "paho5, wss",
    "hivemq3, ssl",
    "hivemq3, wss",
    "hivemq5, ssl",
    "hivemq5, wss"
  })
  void javaClientsDoEverything(String maker, String scheme) {
    RealClient.Maker clients = Objects.requireNonNull(makers.get(maker));
    String base = maker + "/" + scheme;
    RealClient mouth = clients.make(uri(scheme), base + "/mouth", false, "");
    RealClient ear = clients.make(uri(scheme), base + "/ear", true, "");
    mouth.connect();
    assertThat(ear.connect()).isFalse();
    mouth.publish(base + "/kept", "retained", 2, true);
    ear.subscribe(base + "/#", 2);
    assertThat(ear.next()).isEqualTo(new Got(base + "/kept", "retained", 2, true));
    for (int qos = 0; qos < 3; qos++) {
      mouth.publish(base + "/t", "qos " + qos, qos, false);
      assertThat(ear.next()).isEqualTo(new Got(base + "/t", "qos " + qos, qos, false));
    }
    ear.close();
    for (int qos = 1; qos < 3; qos++) {
      mouth.publish(base + "/t", "queued " + qos, qos, false);
    }
    RealClient back = clients.make(uri(scheme), base + "/ear", true, "");
    assertThat(back.connect()).as("the session is there").isTrue();
    for (int qos = 1; qos < 3; qos++) {
      assertThat(back.next()).isEqualTo(new Got(base + "/t", "queued " + qos, qos, false));
    }

    RealClient dying = clients.make(uri(scheme), base + "/dying", false, base + "/will");
    dying.connect();
    device.publish(base + "/dying", "mqttv5", base + "/t", "took the client id over").ok();
    List<Got> both = List.of(back.next(), back.next());
    assertThat(both).extracting(Got::payload).contains("gone", "took the client id over");
    mouth.publish(base + "/kept", "", 1, true);
    mouth.close();
    back.close();
  }

  @ParameterizedTest
  @CsvSource({"4, mqtts", "5, mqtts", "4, wss", "5, wss"})
  void mqttJsDoesEverything(String version, String scheme) throws Exception {
    Path modules = Path.of("target/mqttjs").toAbsolutePath();
    if (!modules.resolve("node_modules/mqtt/package.json").toFile().exists()) {
      gateway
          .run(
              List.of(
                  "npm",
                  "install",
                  "--no-audit",
                  "--no-fund",
                  "--no-save",
                  "--prefix",
                  modules.toString(),
                  "mqtt@" + MQTT_JS),
              Map.of())
          .ok();
    }
    Path script =
        Path.of(Objects.requireNonNull(ClientsIT.class.getResource("/mqtt_client.js")).toURI());
    String uri = scheme.equals("wss") ? uri("wss") : uri("ssl").replace("ssl:", "mqtts:");
    assertThat(
            gateway
                .run(
                    List.of(
                        "node",
                        script.toString(),
                        version,
                        uri,
                        gateway.home().resolve("pki/ca.pem").toString(),
                        device.certificate().toString(),
                        device.key().toString()),
                    Map.of("NODE_PATH", modules.resolve("node_modules").toString()))
                .ok()
                .lines())
        .containsExactly("retained", "qos", "session", "will", "done");
  }
}
