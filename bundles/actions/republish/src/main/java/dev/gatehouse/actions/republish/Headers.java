package dev.gatehouse.actions.republish;

import dev.gatehouse.api.message.MessageProperties;
import dev.gatehouse.api.message.MessageProperties.UserProperty;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.PayloadFormat;
import dev.gatehouse.api.rules.action.ActionSettings;
import dev.gatehouse.api.rules.action.Setting;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Predicate;

/** The setting {@code headers}: the MQTT 5 properties of what is republished. */
final class Headers {
  static final Setting SETTING =
      Setting.object(
          "headers",
          "Properties of MQTT 5.",
          Setting.text("payloadFormatIndicator", "Whether the payload is UTF-8.")
              .template()
              .oneOf("UNSPECIFIED_BYTES", "UTF8_DATA"),
          Setting.text("contentType", "Content type of the payload.").template(),
          Setting.text("responseTopic", "Topic for answers.").template(),
          Setting.text("correlationData", "Correlation data in base64.").template(),
          Setting.number("messageExpiry", "Seconds until the message expires.").template(),
          Setting.list(
              "userProperties",
              "User properties, at most 100.",
              Setting.text("key", "Name of the property.").need().template(),
              Setting.text("value", "Value of the property.").need().template()));

  private static final int MAX_USER_PROPERTIES = 100;

  private Headers() {}

  /**
   * The properties of a message.
   *
   * @throws IllegalArgumentException naming the setting that does not fit
   */
  static MessageProperties of(ActionSettings settings) {
    return of(settings.at("headers"), text -> true);
  }

  /** The same at creation, where what holds a template is not known yet. */
  static void validate(ActionSettings settings) {
    MessageProperties unused = of(settings.at("headers"), text -> text.indexOf('$') < 0);
  }

  private static MessageProperties of(ActionSettings headers, Predicate<String> known) {
    return new MessageProperties(
        headers
            .get("payloadFormatIndicator")
            .filter(known)
            .map(PayloadFormat::valueOf)
            .orElse(null),
        headers.get("messageExpiry").filter(known).map(Headers::expiry).orElse(null),
        headers.get("contentType").filter(known).orElse(null),
        headers.get("responseTopic").filter(known).orElse(null),
        headers.get("correlationData").filter(known).map(Headers::correlation).orElse(null),
        userProperties(headers.list("userProperties")));
  }

  private static Long expiry(String seconds) {
    try {
      return Long.valueOf(seconds);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "headers.messageExpiry '" + seconds + "' is not a number of seconds", e);
    }
  }

  private static Payload correlation(String base64) {
    try {
      return Payload.of(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("headers.correlationData is not base64", e);
    }
  }

  private static List<UserProperty> userProperties(List<ActionSettings> pairs) {
    if (pairs.size() > MAX_USER_PROPERTIES) {
      throw new IllegalArgumentException(
          "headers.userProperties has %d entries, at most %d are allowed"
              .formatted(pairs.size(), MAX_USER_PROPERTIES));
    }
    List<UserProperty> properties = new ArrayList<>();
    for (ActionSettings pair : pairs) {
      properties.add(new UserProperty(pair.require("key"), pair.require("value")));
    }
    return properties;
  }
}
