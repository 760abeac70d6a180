package dev.gatehouse.mqtt;

import static dev.gatehouse.mqtt.Hex.connect4;
import static dev.gatehouse.mqtt.Hex.connect5;
import static dev.gatehouse.mqtt.Hex.number;
import static dev.gatehouse.mqtt.Hex.packet;
import static dev.gatehouse.mqtt.Hex.publish4;
import static dev.gatehouse.mqtt.Hex.subscribe4;
import static dev.gatehouse.mqtt.Hex.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What bridges of other brokers do, mosquitto's with its defaults before all. */
class BridgeTest extends StackHarness {
  private static final String STATE = "$SYS/broker/connection/site.gatehouse/state";

  private Client bridge(String clientId) throws IOException {
    return join(packet("10", "00044d515454 84", "02", "003c", text(clientId)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void itsNotificationIsAcknowledgedAndDropped(int qos) throws Exception {
    denied.add("iot:Publish topic/" + STATE);
    try (Client client = join(connect4("site.gatehouse", true))) {
      String publish = publish4(STATE, qos, 7, "1");
      client.send("3" + (qos << 1 | 1) + publish.substring(2)); // with RETAIN
      if (qos == 1) {
        assertThat(client.packet()).isEqualTo("40020007");
      } else if (qos == 2) {
        assertThat(client.packet()).isEqualTo("50020007");
        client.send("62020007");
        assertThat(client.packet()).isEqualTo("70020007");
      }
      client.send("c000");
      assertThat(client.packet()).isEqualTo("d000");
      assertThat(stand.metric("broker_retained_messages")).isZero();
      assertThat(stand.metric("broker_messages_received_total")).isZero();
    }
  }

  @Test
  void aBridgeGetsTheRetainFlagAsItWasPublishedAndNothingOfItsOwn() throws Exception {
    try (Client bridge = bridge("site.gatehouse");
        Client other = join(connect5("other"))) {
      bridge.send(subscribe4(1, "t/#", 1));
      assertThat(bridge.packet()).isEqualTo("9003000101");
      bridge.send(publish4("t/1", 0, 0, "own"));
      other.send(packet("31", text("t/2"), "00", Hex.bytes("x")));
      assertThat(bridge.packet()).isEqualTo(packet("31", text("t/2"), Hex.bytes("x")));
    }
  }

  @Test
  void aSharedSubscriptionOfABridgeIsOneLikeOthers() throws Exception {
    try (Client bridge = bridge("site.gatehouse")) {
      bridge.send(subscribe4(1, "$share/g/t", 1));
      assertThat(bridge.packet()).isEqualTo("9003000101");
      bridge.send(publish4("t", 1, 9, "own"));
      assertThat(bridge.packet() + bridge.packet())
          .contains(packet("32", text("t"), number(1), Hex.bytes("own")));
    }
  }
}
