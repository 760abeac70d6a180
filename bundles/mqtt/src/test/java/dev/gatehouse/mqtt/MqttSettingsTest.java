package dev.gatehouse.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.testkit.ConfigValues;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MqttSettingsTest {
  private static final int OF_THE_PROFILE = -1;

  @Test
  void defaultsAreAsDocumented() {
    Map<String, Object> expected = new TreeMap<>();
    expected.put("port", 8883);
    expected.put("plaintextPort", 0);
    expected.put("host", "");
    expected.put("maxConnections", 20_000);
    expected.put("profile", "full");
    expected.put("topicAliasMaximum", 16);
    expected.put("connectSeconds", 5);
    expected.put("addressConnects", 1_000);
    expected.put("statusForDevices", false);
    expected.put("eventLoops", 0);
    for (String name :
        new String[] {
          "maxPacketKilobytes",
          "receiveMaximum",
          "sendMaximum",
          "maxClientIdBytes",
          "maxTopicBytes",
          "maxTopicSlashes",
          "maxPayloadBytes",
          "maxSubscribeFilters",
          "bytesPerSecond",
          "minKeepAliveSeconds",
          "maxKeepAliveSeconds",
          "webSocketSeconds",
          "unansweredKilobytes"
        }) {
      expected.put(name, OF_THE_PROFILE);
    }
    assertThat(ConfigValues.defaults(MqttConfig.class)).isEqualTo(expected);
  }

  @Test
  void attributesAreMapped() {
    assertThat(settings(Map.of("port", 1, "plaintextPort", 2, "host", " ::1 ", "eventLoops", 3)))
        .isEqualTo(new MqttSettings(1, 2, "::1", 3));
  }

  @Test
  void aValueOutOfRangeIsNamed() {
    assertThatThrownBy(() -> settings(Map.of("port", 65_536)))
        .hasMessage("dev.gatehouse.mqtt: port is 65536, not 0 to 65535");
    assertThatThrownBy(() -> settings(Map.of("eventLoops", 65)))
        .hasMessage("dev.gatehouse.mqtt: eventLoops is 65, not 0 to 64");
  }

  private static MqttSettings settings(Map<String, ?> values) {
    return MqttSettings.of(ConfigValues.of(MqttConfig.class, values));
  }
}
