package dev.gatehouse.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the listeners agree on with OpenSSL, as other kinds of clients would. */
class TlsIT {
  @TempDir static Path directory;
  private static Gateway gateway;
  private static Device device;

  @BeforeAll
  static void up() {
    gateway = new Gateway(directory.resolve("home")).with("GATEHOUSE_CIPHER_SUITES", "guide").up();
    await().until(() -> Files.exists(gateway.home().resolve("pki/server-rsa-only.pem")));
    device = new Device(gateway, directory.resolve("device"), Device.allow("iot:*"));
  }

  @AfterAll
  static void down() {
    gateway.close();
  }

  private static String openssl(String root, String options) {
    return openssl("GATEHOUSE_HTTPS_PORT", root, options);
  }

  /** The same on the MQTT port, by a device. */
  private static String mqtts(String root, String options) {
    return openssl(
        "GATEHOUSE_MQTTS_PORT",
        root,
        "-cert %s -key %s %s".formatted(device.certificate(), device.key(), options));
  }

  private static String openssl(String port, String root, String options) {
    String command =
        "openssl s_client -connect localhost:%s -CAfile %s -verify_return_error %s </dev/null 2>&1"
            .formatted(gateway.setting(port), gateway.home().resolve("pki").resolve(root), options);
    return gateway.run(List.of("sh", "-c", command), Map.of()).out();
  }

  @Test
  void aClientThatKnowsRsaOnlyVerifiesTheServer() {
    assertThat(openssl("ca-rsa.pem", "-sigalgs RSA+SHA256:RSA-PSS+SHA256"))
        .contains("Verify return code: 0 (ok)")
        .contains("Gatehouse RSA Root CA");
    assertThat(openssl("ca-rsa.pem", "-tls1_2 -sigalgs RSA+SHA256"))
        .contains("Verify return code: 0 (ok)");
    assertThat(openssl("ca.pem", "")).contains("Verify return code: 0 (ok)");
  }

  @Test
  void theSuitesOfTheGuideAreServedAndOlderProtocolsAreNot() {
    for (String suite : List.of("ECDHE-RSA-AES256-SHA384", "AES128-SHA", "AES256-GCM-SHA384")) {
      assertThat(openssl("ca.pem", "-tls1_2 -cipher " + suite))
          .as(suite)
          .contains("Verify return code: 0 (ok)")
          .contains(suite);
    }
    assertThat(openssl("ca.pem", "-tls1_1 -cipher ALL@SECLEVEL=0")).contains("no peer certificate");
    assertThat(gateway.log()).contains("event=tls-suites selection=GUIDE");
  }

  /** Docker Compose and Windows give hosts names that RFC 952 does not allow. */
  @Test
  void aServerNameThatIsNoHostNameIsServedLikeAnyUnknownName() {
    for (String port : List.of("GATEHOUSE_HTTPS_PORT", "GATEHOUSE_MQTTS_PORT")) {
      for (String name : List.of("my_gateway", "-x", "a".repeat(70), "unknown.example")) {
        for (String version : List.of("-tls1_2", "-tls1_3")) {
          assertThat(openssl(port, "ca.pem", version + " -servername " + name))
              .as("%s %s %s", port, name, version)
              .contains("Verify return code: 0 (ok)");
        }
      }
    }
  }

  @Test
  void theMqttPortServesCurrentSuitesNativelyAndAllOthersToo() {
    assertThat(gateway.log()).contains("event=tls-engine native=true");
    assertThat(mqtts("ca.pem", "-tls1_3")).contains("TLSv1.3").contains("(ok)");
    for (String suite :
        List.of(
            "ECDHE-ECDSA-AES128-GCM-SHA256",
            "ECDHE-RSA-AES128-GCM-SHA256",
            "ECDHE-ECDSA-AES128-SHA256",
            "AES128-SHA",
            "AES256-GCM-SHA384")) {
      assertThat(mqtts("ca.pem", "-tls1_2 -cipher " + suite))
          .as(suite)
          .contains("Cipher is " + suite)
          .contains("Verify return code: 0 (ok)");
    }
    assertThat(mqtts("ca-rsa.pem", "-sigalgs RSA+SHA256:RSA-PSS+SHA256"))
        .contains("Verify return code: 0 (ok)")
        .contains("Gatehouse RSA Root CA");
    assertThat(mqtts("ca.pem", "-tls1_1 -cipher ALL@SECLEVEL=0")).contains("no peer certificate");
  }

  @Test
  void aSessionThatIsResumedDoesNotHelpARevokedDevice() throws Exception {
    Device revoked = new Device(gateway, directory.resolve("revoked"), Device.allow("iot:*"));
    Path session = directory.resolve("session.pem");
    String connect =
        "(printf '\\020\\015\\000\\004MQTT\\004\\002\\000\\074\\000\\001r'; sleep 2) | openssl"
            + " s_client -quiet -connect localhost:%s -CAfile %s -cert %s -key %s -tls1_2 -sess_%s"
            + " %s 2>/dev/null | od -An -tx1";
    String first =
        gateway.run(List.of("sh", "-c", command(connect, revoked, "out", session)), Map.of()).out();
    assertThat(first.strip()).isEqualTo("20 02 00 00");
    assertThat(Files.readString(session)).contains("SSL SESSION");
    gateway
        .aws(
            "iot",
            "update-certificate",
            "--certificate-id",
            revoked.id(),
            "--new-status",
            "REVOKED")
        .ok();
    String again =
        gateway.run(List.of("sh", "-c", command(connect, revoked, "in", session)), Map.of()).out();
    assertThat(again.strip()).isEqualTo("20 02 00 05");
  }

  private static String command(String template, Device who, String direction, Path session) {
    return template.formatted(
        gateway.setting("GATEHOUSE_MQTTS_PORT"),
        gateway.home().resolve("pki/ca.pem"),
        who.certificate(),
        who.key(),
        direction,
        session);
  }
}
