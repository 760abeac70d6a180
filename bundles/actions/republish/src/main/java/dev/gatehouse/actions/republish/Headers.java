package dev.gatehouse.actions.republish;

import dev.gatehouse.api.message.MessageProperties;
import dev.gatehouse.api.message.MessageProperties.UserProperty;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.PayloadFormat;
import dev.gatehouse.api.rules.action.ActionSettings;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The setting {@code headers}: the MQTT 5 properties of what is republished. */
final class Headers {
  static final String USER_KEYS = "headers.userProperties.*.key";
  static final String USER_VALUES = "headers.userProperties.*.value";
  static final List<String> SINGLE =
      List.of(
          "headers.payloadFormatIndicator",
          "headers.contentType",
          "headers.responseTopic",
          "headers.correlationData",
          "headers.messageExpiry");
  private static final int MAX_USER_PROPERTIES = 100;

  private Headers() {}

  /**
   * The properties that the settings mean; a setting that came out empty means none.
   *
   * @throws IllegalArgumentException naming the setting that does not fit
   */
  static MessageProperties of(ActionSettings settings) {
    return new MessageProperties(
        payloadFormat(text(settings, SINGLE.get(0))),
        expiry(text(settings, SINGLE.get(4))),
        text(settings, SINGLE.get(1)),
        text(settings, SINGLE.get(2)),
        correlation(text(settings, SINGLE.get(3))),
        userProperties(settings));
  }

  private static @Nullable String text(ActionSettings settings, String name) {
    return settings.get(name).filter(text -> !text.isEmpty()).orElse(null);
  }

  private static @Nullable PayloadFormat payloadFormat(@Nullable String indicator) {
    if (indicator == null) {
      return null;
    }
    if (indicator.equals("UNSPECIFIED_BYTES")) {
      return PayloadFormat.UNSPECIFIED_BYTES;
    }
    if (indicator.equals("UTF8_DATA")) {
      return PayloadFormat.UTF8_DATA;
    }
    throw new IllegalArgumentException(
        "headers.payloadFormatIndicator '" + indicator + "' is not UNSPECIFIED_BYTES or UTF8_DATA");
  }

  private static @Nullable Long expiry(@Nullable String seconds) {
    if (seconds == null) {
      return null;
    }
    try {
      return Long.valueOf(seconds);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "headers.messageExpiry '" + seconds + "' is not a number of seconds", e);
    }
  }

  private static @Nullable Payload correlation(@Nullable String base64) {
    if (base64 == null) {
      return null;
    }
    try {
      return Payload.of(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("headers.correlationData is not base64", e);
    }
  }

  private static List<UserProperty> userProperties(ActionSettings settings) {
    List<UserProperty> properties = new ArrayList<>();
    for (int i = 0; i < MAX_USER_PROPERTIES; i++) {
      Optional<String> key = settings.get(USER_KEYS.replace("*", Integer.toString(i)));
      Optional<String> value = settings.get(USER_VALUES.replace("*", Integer.toString(i)));
      if (key.isEmpty() && value.isEmpty()) {
        return properties;
      }
      if (key.isEmpty() || value.isEmpty()) {
        throw new IllegalArgumentException("headers.userProperties[" + i + "] needs key and value");
      }
      properties.add(new UserProperty(key.get(), value.get()));
    }
    throw new IllegalArgumentException(
        "headers.userProperties has more than " + (MAX_USER_PROPERTIES - 1) + " entries");
  }

  /** The same at creation, where what holds a template is not known yet. */
  static void validate(ActionSettings settings) {
    ActionSettings known =
        new ActionSettings(
            settings.values().entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("headers."))
                .collect(
                    Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> entry.getValue().indexOf('$') < 0 ? entry.getValue() : "")));
    MessageProperties unused = of(known);
  }
}
