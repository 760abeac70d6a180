package dev.gatehouse.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  private static JsonNode parse(String text) throws JsonProcessingException {
    return Json.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "null",
        "true",
        "\"\\\"quoted\\\" \\u0001 é\"",
        "2147483647",
        "2147483648",
        "-9223372036854775809",
        "1.10",
        "1.0E+400",
        "0.1234567890123456789012345678901234",
        "{\"a\":{\"b\":[1,2.50,{\"c\":null}],\"\":false},\"d\":\"e\"}"
      })
  void whatIsReadIsWrittenAsItWas(String text) throws JsonProcessingException {
    assertThat(Json.text(parse(text))).isEqualTo(text);
    assertThat(Json.bytes(parse(text))).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[1,",
        "{\"a\":1}}",
        "1 2",
        "{\"a\":1,\"a\":2}",
        "{a:1}",
        "'a'",
        "[1,]",
        "NaN",
        "// comment\n1",
        "01",
        "tru"
      })
  void whatIsNotJsonIsRefused(String text) {
    assertThatThrownBy(() -> parse(text)).isInstanceOf(JsonProcessingException.class);
  }

  @Test
  void anEmptyTextIsAMissingNode() throws JsonProcessingException {
    assertThat(parse(" \n").isMissingNode()).isTrue();
  }

  @Test
  void brokenUtf8IsNotJson() {
    assertThatThrownBy(() -> Json.parse(new byte[] {'"', (byte) 0xC3, '"'}))
        .isInstanceOf(JsonProcessingException.class);
  }

  @Test
  void nestingIsBounded() throws JsonProcessingException {
    assertThat(parse("[".repeat(100) + "]".repeat(100)).isArray()).isTrue();
    assertThatThrownBy(() -> parse("[".repeat(101) + "]".repeat(101)))
        .isInstanceOf(JsonProcessingException.class)
        .hasMessageContaining("100");
    assertThatThrownBy(() -> Json.parse("[[[]]]", 2)).hasMessageContaining("2");
  }
}
