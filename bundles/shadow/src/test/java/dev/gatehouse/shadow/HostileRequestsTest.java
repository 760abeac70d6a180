package dev.gatehouse.shadow;

import static dev.gatehouse.shadow.House.TOPIC;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.shadow.ShadowResult;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
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

  /** Requests of any kind, broken at random: each is done or refused by name, and nothing hangs. */
  @Test
  void whateverAByteIsMadeTheAnswerIsOneOfTheTable() {
    Random random = new Random(5);
    List<byte[]> seeds =
        Stream.of(
                "{'state':{'desired':{'a':1.5e3,'b':[true,{'c':'\u00e9'}],'d':null},'reported':null},"
                    + "'version':1,'clientToken':'t'}",
                "{'state':null,'clientToken':'\\u0041'}",
                "{'state':{'reported':{'a':{'b':{'c':{'d':{'e':[-0.0,1e-9]}}}}}}}")
            .map(text -> text.replace('\'', '"').getBytes(StandardCharsets.UTF_8))
            .toList();
    byte[][] pieces = {
      bytesOf("{"),
      bytesOf("["),
      bytesOf("\""),
      bytesOf("null"),
      bytesOf("1e999999999"),
      bytesOf("\\ud800"),
      bytesOf("NaN"),
      bytesOf(",\"a\":1"),
      {0},
      {(byte) 0xc3},
      {(byte) 0xff},
    };
    for (int i = 0; i < 20_000; i++) {
      byte[] request = broken(random, seeds.get(random.nextInt(seeds.size())), pieces);
      ShadowResult result = House.now(house.shadows.update(House.BULB, request));
      if (result instanceof ShadowResult.Rejected rejected) {
        assertThat(rejected.code()).as("request %d", i).isIn(400, 409, 413, 415);
      }
    }
    assertThat(house.shadows.metrics().stream().filter(m -> m.name().equals("shadow_at_work")))
        .singleElement()
        .satisfies(gauge -> assertThat(gauge.value()).isZero());
  }

  private static byte[] bytesOf(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] broken(Random random, byte[] seed, byte[][] pieces) {
    byte[] bytes = seed.clone();
    for (int change = random.nextInt(4); change >= 0; change--) {
      int at = random.nextInt(bytes.length + 1);
      byte[] piece = pieces[random.nextInt(pieces.length)];
      int cut = Math.min(bytes.length - at, random.nextInt(6));
      bytes =
          ByteBuffer.allocate(bytes.length - cut + piece.length)
              .put(bytes, 0, at)
              .put(piece)
              .put(bytes, at + cut, bytes.length - at - cut)
              .array();
    }
    return bytes;
  }

  @Test
  void aHundredAndTwentyEightKilobytesAreTooLargeHoweverTheyAreFilled() {
    String wide = "x".repeat(128_000);
    String many =
        IntStream.range(0, 9_000).mapToObj(i -> "\"" + i + "\":null").collect(joining(","));
    for (String value :
        List.of("\"" + wide + "\"", "{" + many + "}", "[" + "1,".repeat(60_000) + "1]")) {
      assertThat(House.now(house.shadows.update(House.BULB, bytes(value))))
          .isEqualTo(
              new ShadowResult.Rejected(413, "The payload exceeds the maximum size allowed"));
    }
    byte[] beside = bytesOf("{\"state\":{},\"ignored\":\"" + wide + "\"}");
    assertThat(House.now(house.shadows.update(House.BULB, beside)))
        .as("what is beside the state does not count")
        .isInstanceOf(ShadowResult.Accepted.class);
  }
}
