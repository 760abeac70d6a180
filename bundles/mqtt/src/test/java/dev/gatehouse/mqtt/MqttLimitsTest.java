package dev.gatehouse.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.MessageProperties;
import dev.gatehouse.api.message.Origin;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.message.TraceId;
import dev.gatehouse.edge.Descriptors;
import dev.gatehouse.testkit.ConfigValues;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MqttLimitsTest {
  private static MqttLimits limits(Map<String, Object> values) {
    return MqttLimits.of(config(values), new Descriptors(Long.MAX_VALUE));
  }

  @Test
  void theDefaultsAreTheProfiles() {
    assertThat(limits(Map.of())).isEqualTo(MqttLimits.FULL);
    assertThat(limits(Map.of("profile", "full"))).isEqualTo(MqttLimits.FULL);
    assertThat(limits(Map.of("profile", "aws-iot-2016"))).isEqualTo(MqttLimits.GUIDE);
    assertThatThrownBy(() -> limits(Map.of("profile", "azure")))
        .hasMessage("dev.gatehouse.mqtt: profile is 'azure', not full or aws-iot-2016");
  }

  @Test
  void everySettingReachesItsPlaceInBothProfiles() {
    for (String profile : List.of("full", "aws-iot-2016")) {
      assertThat(
              limits(
                  Map.ofEntries(
                      Map.entry("profile", profile),
                      Map.entry("maxClientIdBytes", 101),
                      Map.entry("maxTopicBytes", 102),
                      Map.entry("maxTopicSlashes", 103),
                      Map.entry("maxPacketKilobytes", 104),
                      Map.entry("maxPayloadBytes", 105),
                      Map.entry("receiveMaximum", 106),
                      Map.entry("sendMaximum", 107),
                      Map.entry("maxSubscribeFilters", 108),
                      Map.entry("topicAliasMaximum", 109),
                      Map.entry("minKeepAliveSeconds", 110),
                      Map.entry("maxKeepAliveSeconds", 111),
                      Map.entry("bytesPerSecond", 112),
                      Map.entry("maxConnections", 113),
                      Map.entry("connectSeconds", 14),
                      Map.entry("webSocketSeconds", 115),
                      Map.entry("addressConnects", 116),
                      Map.entry("statusForDevices", true),
                      Map.entry("unansweredKilobytes", 117))))
          .isEqualTo(
              new MqttLimits(
                  profile.startsWith("aws"),
                  101,
                  102,
                  103,
                  104 << 10,
                  105,
                  106,
                  107,
                  108,
                  109,
                  110,
                  111,
                  112,
                  113,
                  14,
                  115,
                  116,
                  true,
                  117 << 10));
    }
  }

  @Test
  void aPacketHasRoomForAPayloadAndATopicOfTheirBounds() {
    assertThat(limits(Map.of("maxPayloadBytes", 5 << 20)).packetBytes())
        .isEqualTo((5 << 20) + (128 << 10));
    assertThat(
            limits(Map.of("maxPacketKilobytes", 2, "maxPayloadBytes", 1_024, "maxTopicBytes", 900))
                .packetBytes())
        .isEqualTo(2_048);
    assertThatThrownBy(() -> limits(Map.of("maxPacketKilobytes", 1_024)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "dev.gatehouse.mqtt: maxPacketKilobytes is 1024, too few for maxPayloadBytes 1048576"
                + " and maxTopicBytes 65535; at least 1089, and at most 262143");
    assertThatThrownBy(() -> limits(Map.of("maxPayloadBytes", 268_435_455)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maxPacketKilobytes is -1, too few for maxPayloadBytes 268435455");
  }

  @ParameterizedTest
  @CsvSource({
    "maxClientIdBytes, 22, 23 to 65535",
    "maxTopicBytes, 0, 1 to 65535",
    "maxTopicSlashes, 65536, 0 to 65535",
    "maxPacketKilobytes, 262144, 1 to 262143",
    "maxPayloadBytes, -2, 1 to 268435455",
    "receiveMaximum, 0, 1 to 65535",
    "sendMaximum, 65536, 1 to 65535",
    "maxSubscribeFilters, 0, 1 to 65535",
    "topicAliasMaximum, -1, 0 to 65535",
    "minKeepAliveSeconds, 65536, 0 to 65535",
    "maxKeepAliveSeconds, 4, 5 to 65535",
    "bytesPerSecond, -2, 0 to 2147483647",
    "maxConnections, 0, 1 to 1000000",
    "connectSeconds, 61, 1 to 60",
    "webSocketSeconds, -2, 0 to 2147483647",
    "addressConnects, -1, 0 to 1000000",
    "unansweredKilobytes, 63, 64 to 10000000",
  })
  void whatIsOutOfRangeIsNamedWithItsValueAndLimits(String name, int value, String range) {
    assertThatThrownBy(() -> limits(Map.of(name, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("dev.gatehouse.mqtt: %s is %d, not %s", name, value, range);
  }

  private static MqttConfig config(Map<String, Object> values) {
    return ConfigValues.of(MqttConfig.class, values);
  }

  @ParameterizedTest
  @CsvSource({
    "a/b, 131072, false, ",
    "a/b, 131073, false, 'a payload of 131073 bytes, at most 131072 are taken'",
    "a/b, 1, true, the profile aws-iot-2016 does not retain messages",
    "a/b/c/d/e/f/g/h/i/j, 1, false, 'a topic with 9 slashes, at most 8 are taken'",
    "$x, 1, false, a topic that begins with $ and not with $aws/",
  })
  void guideLimitsWhatComesInByOtherEdges(String topic, int bytes, boolean retain, String fault) {
    Message message =
        new Message(
            EdgeHarness.ACCOUNT,
            new TopicName(topic),
            Payload.of(new byte[bytes]),
            QoS.AT_MOST_ONCE,
            retain,
            MessageProperties.NONE,
            new Origin(new Principal.Component(EdgeHarness.ACCOUNT, "test"), null, null),
            0,
            TraceId.next(),
            0);
    assertThat(MqttLimits.GUIDE.fault(message)).isEqualTo(fault);
    assertThat(MqttLimits.FULL.fault(message)).isNull();
  }
}
