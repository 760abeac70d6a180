package dev.gatehouse.api.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The PUBLISH properties of MQTT 5 that travel with a message (3.3.2.3). Absent ones are null.
 *
 * @param payloadFormat passed on as it came, also if it says what its absence says [MQTT-3.3.2-4]
 * @param expirySeconds message expiry interval, 0 to 4,294,967,295, counted from the message's time
 * @param correlationData request correlation, not to be modified
 * @param userProperties in order, names may repeat
 */
public record MessageProperties(
    @Nullable PayloadFormat payloadFormat,
    @Nullable Long expirySeconds,
    @Nullable String contentType,
    @Nullable String responseTopic,
    @Nullable Payload correlationData,
    List<UserProperty> userProperties) {

  private static final int OBJECT_BYTES = 200;
  private static final int PROPERTY_BYTES = 120; // a pair of short strings in a list

  /** No properties. */
  public static final MessageProperties NONE =
      new MessageProperties(null, null, null, null, null, List.of());

  /**
   * Validates.
   *
   * @throws IllegalArgumentException if the expiry is out of range
   */
  public MessageProperties {
    if (expirySeconds != null && (expirySeconds < 0 || expirySeconds > 0xFFFF_FFFFL)) {
      throw new IllegalArgumentException(
          "message expiry " + expirySeconds + " s is not 0 to 4294967295");
    }
    userProperties = List.copyOf(userProperties);
  }

  /** About the bytes of heap that the properties take; 0 for {@link #NONE}. */
  long heapBytes() {
    if (equals(NONE)) {
      return 0;
    }
    long bytes = OBJECT_BYTES + 2L * (length(contentType) + length(responseTopic));
    bytes += correlationData == null ? 0 : correlationData.length();
    for (UserProperty property : userProperties) {
      bytes += PROPERTY_BYTES + 2L * (property.name().length() + property.value().length());
    }
    return bytes;
  }

  private static int length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }

  /** One user property. */
  public record UserProperty(String name, String value) {}
}
