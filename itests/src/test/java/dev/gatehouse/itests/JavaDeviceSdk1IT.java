package dev.gatehouse.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.amazonaws.services.iot.client.AWSIotDevice;
import com.amazonaws.services.iot.client.AWSIotDeviceProperty;
import com.amazonaws.services.iot.client.AWSIotException;
import com.amazonaws.services.iot.client.AWSIotMessage;
import com.amazonaws.services.iot.client.AWSIotMqttClient;
import com.amazonaws.services.iot.client.AWSIotQos;
import com.amazonaws.services.iot.client.AWSIotTopic;
import com.amazonaws.services.iot.client.auth.Credentials;
import com.amazonaws.services.iot.client.auth.StaticCredentialsProvider;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The AWS IoT Device SDK for Java v1, unmodified. Its WebSockets know no port but 443. */
class JavaDeviceSdk1IT {
  private static final String TRUST = "javax.net.ssl.trustStore";

  @TempDir static Path directory;
  private static Gateway gateway;
  private static Device device;

  @BeforeAll
  static void up() {
    gateway = new Gateway(directory.resolve("home"));
    if (Gateway.isFree(443)) {
      gateway.with("GATEHOUSE_HTTPS_PORT", "443");
    }
    gateway.up();
    device = new Device(gateway, directory.resolve("device"), Device.allow("iot:*"));
    Path store = Keys.trustStore(gateway.home().resolve("pki/ca.pem"), directory.resolve("trust"));
    System.setProperty(TRUST, store.toString());
    System.setProperty(TRUST + "Password", Keys.PASSWORD);
  }

  @AfterAll
  static void down() {
    System.clearProperty(TRUST);
    System.clearProperty(TRUST + "Password");
    gateway.close();
  }

  private static AWSIotMqttClient client(String how, String id) throws AWSIotException {
    AWSIotMqttClient client;
    if (how.equals("wss")) {
      assumeTrue(
          gateway.setting("GATEHOUSE_HTTPS_PORT").equals("443"), "port 443 is not to be had");
      Map<String, String> admin = gateway.environment();
      StaticCredentialsProvider credentials =
          new StaticCredentialsProvider(
              new Credentials(admin.get("AWS_ACCESS_KEY_ID"), admin.get("AWS_SECRET_ACCESS_KEY")));
      client = new AWSIotMqttClient("localhost", id, credentials, "us-east-1");
    } else {
      Keys keys = Keys.of(device, gateway.home().resolve("pki/ca.pem"));
      int port = Integer.parseInt(gateway.setting("GATEHOUSE_MQTTS_PORT"));
      client = new AWSIotMqttClient("localhost", id, keys.context().getSocketFactory(), port);
    }
    client.setMaxConnectionRetries(0);
    return client;
  }

  /** Reports its colour; takes the colour that is desired. */
  public static final class Bulb extends AWSIotDevice {
    @AWSIotDeviceProperty private String color = "red";

    Bulb(String thingName) {
      super(thingName);
      setReportInterval(200);
    }

    public synchronized String getColor() {
      return color;
    }

    public synchronized void setColor(String color) {
      this.color = color;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mtls", "wss"})
  void itPublishesAndReceives(String how) throws Exception {
    AWSIotMqttClient client = client(how, "java1-" + how);
    client.connect(20_000);
    Queue<String> heard = new ConcurrentLinkedQueue<>();
    client.subscribe(
        new AWSIotTopic("java1/" + how, AWSIotQos.QOS1) {
          @Override
          public void onMessage(AWSIotMessage message) {
            heard.add(message.getStringPayload());
          }
        },
        20_000);
    client.publish("java1/" + how, AWSIotQos.QOS1, "hello", 20_000);
    await().atMost(Duration.ofSeconds(20)).until(() -> !heard.isEmpty());
    client.disconnect(20_000);
    assertThat(heard).containsExactly("hello");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mtls", "wss"})
  void aDeviceReportsItsStateAndTakesWhatIsDesired(String how) throws Exception {
    AWSIotMqttClient client = client(how, "java1-bulb-" + how);
    Bulb bulb = new Bulb("java1-bulb-" + how);
    client.attach(bulb);
    client.connect(20_000);
    await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptionsInstanceOf(AWSIotException.class) // no shadow yet
        .until(() -> state(bulb).path("reported").path("color").asText().equals("red"));
    bulb.update("{\"state\": {\"desired\": {\"color\": \"green\"}}}", 20_000);
    await().atMost(Duration.ofSeconds(20)).until(() -> bulb.getColor().equals("green"));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> state(bulb).path("reported").path("color").asText().equals("green"));
    assertThat(state(bulb).has("delta")).isFalse();
    client.disconnect(20_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mtls", "wss"})
  void aShadowIsDeletedAndAnAbsentOneIsTold(String how) throws Exception {
    AWSIotMqttClient client = client(how, "java1-lamp-" + how);
    AWSIotDevice lamp = new AWSIotDevice("java1-lamp-" + how);
    lamp.setReportInterval(0);
    client.attach(lamp);
    client.connect(20_000);
    lamp.update("{\"state\": {\"desired\": {\"on\": true}}}", 20_000);
    assertThat(state(lamp).path("delta").path("on").asBoolean()).isTrue();
    lamp.delete(20_000);
    assertThatThrownBy(() -> lamp.get(20_000))
        .isInstanceOfSatisfying(
            AWSIotException.class, e -> assertThat(e.getErrorCode().getValue()).isEqualTo(404));
    client.disconnect(20_000);
  }

  private static JsonNode state(AWSIotDevice device) throws Exception {
    return Gateway.JSON.readTree(device.get(20_000)).path("state");
  }
}
