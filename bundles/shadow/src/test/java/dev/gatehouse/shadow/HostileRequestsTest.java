package dev.gatehouse.shadow;

import static dev.gatehouse.shadow.House.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.shadow.ShadowResult;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes that a JSON library stumbles over are a client's mistake like any other. */
final class HostileRequestsTest {
  private static final String UPDATE = "{\"state\":{\"reported\":{\"a\":%s}}}";

  private final House house = new House();

  static Stream<byte[]> requests() {
    return Stream.of(
        bytes("1e99999999999"),
        bytes("1e-99999999999"),
        bytes("1" + "0".repeat(500)),
        bytes("\"\\ud800\""),
        bytes("{\"\\udc00x\":1}"),
        bytes("\"\\ud800x\""),
        bytes("NaN"),
        bytes("[".repeat(3_000)),
        new byte[] {0, 0, 0, '{', 0x7f, 0x7f, 0x7f, 0x7f},
        new byte[] {0, 0, 0, '{', 0},
        new byte[] {'{', (byte) 0xff, (byte) 0xfe},
        UPDATE.formatted("1").getBytes(Charset.forName("UTF-16LE")),
        UPDATE.formatted("1").getBytes(Charset.forName("UTF-32BE")));
  }

  private static byte[] bytes(String value) {
    return UPDATE.formatted(value).getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @MethodSource("requests")
  void isRefusedAsTheCallersMistake(byte[] request) {
    ShadowResult result = House.now(house.shadows.update(House.BULB, request));
    assertThat(result)
        .isInstanceOfSatisfying(
            ShadowResult.Rejected.class, rejected -> assertThat(rejected.code()).isIn(400, 415));
    assertThat(house.bus.published()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("requests")
  void takesNoPlaceInFlightForGood(byte[] request) {
    for (int i = 0; i < 12; i++) {
      house.ask("c", TOPIC + "update", Payload.of(request));
      house.ask("c", TOPIC + "get", Payload.of(request));
      house.ask("c", TOPIC + "delete", Payload.of(request));
    }
    house.ask("c", TOPIC + "update", "{'state': {'reported': {'a': 1}}}");
    assertThat(house.told("update/accepted")).hasSize(1);
    assertThat(house.told("update/rejected")).hasSize(12);
  }

  @Test
  void aTokenThatIsNoTextIsNotEchoed() {
    house.ask("c", TOPIC + "update", "{'state': {}, 'clientToken': '\\ud800'}");
    assertThat(house.told("update/rejected"))
        .singleElement()
        .satisfies(told -> assertThat(told.has("clientToken")).isFalse());
  }
}
