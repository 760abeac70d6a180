package dev.gatehouse.shadow;

import static dev.gatehouse.shadow.Fixtures.bytes;
import static dev.gatehouse.shadow.Fixtures.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

final class UpdateRequestTest {
  @TestFactory
  Stream<DynamicTest> aMalformedRequestIsRefusedWithTheGuidesText() {
    return Fixtures.list("refused.json")
        .map(
            given ->
                DynamicTest.dynamicTest(
                    "'" + given.get("request").asText() + "'",
                    () ->
                        refused(
                            given.get("request").asText().getBytes(StandardCharsets.UTF_8),
                            given.get("code").asInt(),
                            given.get("text").asText())));
  }

  private static void refused(byte[] request, int code, String text) {
    assertThatThrownBy(() -> Fixtures.request(request))
        .isInstanceOfSatisfying(
            ShadowError.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.text()).isEqualTo(text);
            });
  }

  @Test
  void aRequestIsReadWithItsVersionAndToken() throws ShadowError {
    UpdateRequest request =
        Fixtures.request(
            bytes("{'state': {'desired': {'a': null}}, 'version': 3, 'clientToken': 't'}"));
    assertThat(request.state()).isEqualTo(json("{'desired': {'a': null}}"));
    assertThat(request.version()).isEqualTo(OptionalLong.of(3));
    assertThat(request.clientToken()).contains("t");
    assertThat(request.removesAll()).isFalse();
  }

  @Test
  void whatIsBesideTheStateIsIgnored() throws ShadowError {
    UpdateRequest request =
        Fixtures.request(bytes("{'state': {}, 'metadata': 1, 'version': null, 'x': []}"));
    assertThat(request.version()).isEmpty();
    assertThat(request.state()).isEmpty();
  }

  @Test
  void theDeepestStateOfTheGuideIsTaken() {
    byte[] deep =
        bytes("{'state': {'desired': {'one': {'two': {'three': {'four': {'five': {}}}}}}}}");
    assertThatCode(() -> Fixtures.request(deep)).doesNotThrowAnyException();
  }

  @Test
  void howManyLevelsAreTakenIsASetting() {
    byte[] six = bytes("{'state': {'desired': {'1': {'2': {'3': {'4': {'5': {'6': {}}}}}}}}}");
    refused(six, 400, "JSON contains too many levels of nesting; maximum is 6");
    assertThatCode(() -> UpdateRequest.parse(six, 6)).doesNotThrowAnyException();
    assertThatThrownBy(() -> UpdateRequest.parse(six, 1))
        .hasMessage("JSON contains too many levels of nesting; maximum is 2");
  }

  @Test
  void aClientTokenHasAtMostSixtyFourBytes() throws ShadowError {
    String longest = "t".repeat(64);
    assertThat(
            Fixtures.request(bytes("{'state': {}, 'clientToken': '" + longest + "'}"))
                .clientToken())
        .contains(longest);
    refused(
        bytes("{'state': {}, 'clientToken': '" + "é".repeat(33) + "'}"),
        400,
        "Invalid clientToken");
  }

  @Test
  void aStateOfExactlyEightKilobytesIsTakenAndOneByteMoreIsNot() throws ShadowError {
    int frame = "{\"desired\":{\"a\":\"\"}}".length();
    String fits = "x".repeat(8_192 - frame);
    String state = "{'state': {'desired': {'a': '%s'}}}";
    assertThat(Fixtures.request(bytes(state.formatted(fits))).state()).hasSize(1);
    refused(
        bytes(state.formatted(fits + "x")), 413, "The payload exceeds the maximum size allowed");
  }

  @Test
  void aTokenIsFoundInAnyRequestThatIsAJsonObject() {
    assertThat(ClientToken.of(raw("{'a': {'clientToken': 'y'}, 'clientToken': 'x'}")))
        .contains("x");
    for (String without :
        List.of("", "{}", "[]", "1", "{'clientToken': 1}", "{'clientToken': 'x'", "{} {}")) {
      assertThat(ClientToken.of(raw(without))).as(without).isEmpty();
    }
    assertThat(ClientToken.of(raw("{'clientToken': '" + "x".repeat(65) + "'}"))).isEmpty();
  }

  @Test
  void aRootThatIsNoObjectLacksTheState() {
    for (String root : List.of("[]", "1", "null", "'state'", "[{'state': {}}]")) {
      refused(raw(root), 400, "Missing required node: state");
    }
    refused(raw(""), 400, "Invalid JSON");
  }

  @Test
  void aRequestIsRefusedForItsSizeBeforeItIsParsed() {
    String brackets = "[".repeat(UpdateRequest.MAX_REQUEST_BYTES); // no JSON, as a parser would say
    refused(raw(brackets), 400, "Invalid JSON");
    refused(raw(brackets + "["), 413, "The payload exceeds the maximum size allowed");
  }

  private static byte[] raw(String text) {
    return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }
}
