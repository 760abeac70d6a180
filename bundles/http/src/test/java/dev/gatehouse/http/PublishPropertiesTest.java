package dev.gatehouse.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.message.MessageProperties;
import dev.gatehouse.api.message.MessageProperties.UserProperty;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.PayloadFormat;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublishPropertiesTest {
  private static final Account ACCOUNT = new Account("000000000000", "us-east-1");
  private static final String USER_PROPERTIES = "x-amz-mqtt5-user-properties";

  private static MessageProperties of(Map<String, String> query, Map<String, String> headers) {
    return PublishProperties.of(
        new ApiRequest(
            ACCOUNT,
            new Principal.User(ACCOUNT, "anna", "AIDA"),
            Map.of("topic", "a"),
            query,
            headers,
            new byte[0],
            "192.0.2.1",
            "id",
            Instant.EPOCH));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aMessageWithoutAnyHasNone() {
    assertThat(of(Map.of(), Map.of())).isEqualTo(MessageProperties.NONE);
  }

  @Test
  void allThatIsSentGoesWithTheMessage() {
    MessageProperties properties =
        of(
            Map.of("contentType", "text/x", "responseTopic", "back", "messageExpiry", "60"),
            Map.of(
                "x-amz-mqtt5-payload-format-indicator",
                "UTF8_DATA",
                "x-amz-mqtt5-correlation-data",
                base64("id-7"),
                USER_PROPERTIES,
                base64("[{\"a\": \"1\"}, {\"a\": \"ü\", \"b\": \"\"}]")));
    assertThat(properties.payloadFormat()).isEqualTo(PayloadFormat.UTF8_DATA);
    assertThat(properties.expirySeconds()).isEqualTo(60L);
    assertThat(properties.contentType()).isEqualTo("text/x");
    assertThat(properties.responseTopic()).isEqualTo("back");
    assertThat(properties.correlationData()).isEqualTo(Payload.ofText("id-7"));
    assertThat(properties.userProperties())
        .containsExactly(
            new UserProperty("a", "1"), new UserProperty("a", "ü"), new UserProperty("b", ""));
  }

  @Test
  void aClientThatEncodesUserPropertiesTwiceIsUnderstood() {
    assertThat(
            of(Map.of(), Map.of(USER_PROPERTIES, base64("\"[{\\\"a\\\": \\\"1\\\"}]\"")))
                .userProperties())
        .containsExactly(new UserProperty("a", "1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\": \"1\"}",
        "[1]",
        "[{\"a\": 1}]",
        "[{\"a\": null}]",
        "null",
        "\"none\"",
        "[",
        "",
        "[{\"a\": \"\\u0000\"}]",
        "[{\"\\ud800\": \"1\"}]"
      })
  void userPropertiesThatCanNotBeAreRefused(String json) {
    assertThatThrownBy(() -> of(Map.of(), Map.of(USER_PROPERTIES, base64(json))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("userProperties");
  }

  @ParameterizedTest
  @CsvSource({
    "x-amz-mqtt5-user-properties, *, userProperties is not base64",
    "x-amz-mqtt5-correlation-data, *, correlationData is not base64",
    "x-amz-mqtt5-payload-format-indicator, TEXT, payloadFormatIndicator 'TEXT' is neither"
  })
  void aHeaderThatCanNotBeIsNamed(String header, String value, String message) {
    assertThatThrownBy(() -> of(Map.of(), Map.of(header, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({"contentType, contentType", "responseTopic, topic"})
  void whatMqttCouldNotCarryIsRefused(String name, String word) {
    assertThatThrownBy(() -> of(Map.of(name, "a\u0000"), Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(word);
  }

  @Test
  void aResponseTopicHasNoWildcards() {
    assertThatThrownBy(() -> of(Map.of("responseTopic", "a/#"), Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
