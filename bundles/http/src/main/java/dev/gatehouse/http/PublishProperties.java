package dev.gatehouse.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.message.MessageProperties;
import dev.gatehouse.api.message.MessageProperties.UserProperty;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.PayloadFormat;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * The MQTT 5 properties of a message that is published over HTTP (AWS IoT data plane: Publish). All
 * refuse what cannot be by an {@link IllegalArgumentException}.
 */
final class PublishProperties {
  private static final String USER_PROPERTIES = "x-amz-mqtt5-user-properties";
  private static final String CORRELATION_DATA = "x-amz-mqtt5-correlation-data";
  private static final String PAYLOAD_FORMAT = "x-amz-mqtt5-payload-format-indicator";
  private static final int MAX_BYTES = 65_535; // [MQTT-1.5.4], 1.5.6

  private PublishProperties() {}

  static MessageProperties of(ApiRequest request) {
    return new MessageProperties(
        request.header(PAYLOAD_FORMAT).map(PublishProperties::payloadFormat).orElse(null),
        request.query("messageExpiry").map(PublishProperties::seconds).orElse(null),
        request.query("contentType").map(value -> string("contentType", value)).orElse(null),
        request.query("responseTopic").map(topic -> new TopicName(topic).value()).orElse(null),
        request
            .header(CORRELATION_DATA)
            .map(value -> Payload.of(base64("correlationData", value)))
            .orElse(null),
        request.header(USER_PROPERTIES).map(PublishProperties::userProperties).orElse(List.of()));
  }

  private static PayloadFormat payloadFormat(String indicator) {
    return switch (indicator) {
      case "UTF8_DATA" -> PayloadFormat.UTF8_DATA;
      case "UNSPECIFIED_BYTES" -> PayloadFormat.UNSPECIFIED_BYTES;
      default ->
          throw new IllegalArgumentException(
              "payloadFormatIndicator '"
                  + indicator
                  + "' is neither UTF8_DATA nor UNSPECIFIED_BYTES");
    };
  }

  private static Long seconds(String text) {
    if (!text.matches("\\d{1,10}")) {
      throw new IllegalArgumentException("messageExpiry '" + text + "' is not a number of seconds");
    }
    return Long.valueOf(text);
  }

  private static byte[] base64(String what, String value) {
    try {
      return Base64.getDecoder().decode(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(what + " is not base64: " + e.getMessage(), e);
    }
  }

  /** A string of MQTT: what a receiver would have to close its connection for is refused here. */
  private static String string(String what, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    // A lone surrogate does not survive the encoding.
    if (value.indexOf(0) >= 0 || !new String(bytes, StandardCharsets.UTF_8).equals(value)) {
      throw new IllegalArgumentException(what + " has characters that MQTT does not allow");
    }
    if (bytes.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          what + " has " + bytes.length + " bytes, at most " + MAX_BYTES + " are allowed");
    }
    return value;
  }

  /**
   * Objects of names and strings in a list. Some clients encode what is JSON already as a JSON
   * string once more.
   */
  private static List<UserProperty> userProperties(String header) {
    byte[] json = base64("userProperties", header);
    List<UserProperty> properties = new ArrayList<>();
    try {
      JsonNode node = Json.parse(json);
      if (node.isTextual()) {
        node = Json.parse(node.asText().getBytes(StandardCharsets.UTF_8));
      }
      if (!node.isArray()) {
        throw wrong();
      }
      for (JsonNode element : node) {
        if (!element.isObject()) {
          throw wrong();
        }
        element.properties().forEach(property -> properties.add(property(property)));
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "userProperties is not JSON: " + e.getOriginalMessage(), e);
    }
    return properties;
  }

  private static UserProperty property(Map.Entry<String, JsonNode> property) {
    if (!property.getValue().isTextual()) {
      throw wrong();
    }
    String what = "userProperties";
    return new UserProperty(
        string(what, property.getKey()), string(what, property.getValue().asText()));
  }

  private static IllegalArgumentException wrong() {
    return new IllegalArgumentException(
        "userProperties must be a list of objects with strings, such as [{\"name\": \"value\"}]");
  }
}
