package dev.gatehouse.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The AWS IoT Device SDKs for JavaScript, unmodified; skipped where there is no Node.js. */
class DeviceSdkIT {
  private static final Path PACKAGES = Path.of("target/node").toAbsolutePath();

  @TempDir static Path directory;
  private static Gateway gateway;
  private static Device device;

  @BeforeAll
  static void up() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/npm")), "Debian's npm is not installed");
    gateway = new Gateway(directory.resolve("home"));
    if (!Files.exists(PACKAGES.resolve("node_modules/aws-iot-device-sdk-v2"))) {
      Files.createDirectories(PACKAGES);
      gateway
          .run(
              List.of(
                  "/usr/bin/npm",
                  "install",
                  "--no-audit",
                  "--no-fund",
                  "--prefix",
                  PACKAGES.toString(),
                  "aws-iot-device-sdk@2.2.16",
                  "aws-iot-device-sdk-v2@1.28.0"),
              Map.of())
          .ok();
    }
    gateway.up();
    device = new Device(gateway, directory.resolve("device"), Device.allow("iot:*"));
  }

  @AfterAll
  static void down() {
    if (gateway != null) {
      gateway.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"1,mtls", "1,wss", "2,mtls", "2,wss"})
  void itConnectsPublishesReceivesAndUpdatesAShadow(String version, String how)
      throws URISyntaxException {
    Path script =
        Path.of(
            Objects.requireNonNull(DeviceSdkIT.class.getResource("/device_sdk_v" + version + ".js"))
                .toURI());
    Map<String, String> environment = new HashMap<>(gateway.environment());
    environment.put("NODE_PATH", PACKAGES.resolve("node_modules").toString());
    // Version 1 takes no CA of its own for WebSockets.
    environment.put("NODE_EXTRA_CA_CERTS", gateway.home().resolve("pki/ca.pem").toString());
    String port = how.equals("mtls") ? "GATEHOUSE_MQTTS_PORT" : "GATEHOUSE_HTTPS_PORT";
    String said =
        gateway
            .run(
                List.of(
                    "/usr/bin/node",
                    script.toString(),
                    how,
                    "localhost",
                    gateway.setting(port),
                    gateway.home().resolve("pki/ca.pem").toString(),
                    device.certificate().toString(),
                    device.key().toString()),
                environment)
            .ok();
    assertThat(said)
        .contains("connected")
        .contains("received js" + version + "/" + how + " hello")
        .contains("shadow accepted")
        .contains("\"color\":\"red\"");
  }
}
