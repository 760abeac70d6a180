package dev.gatehouse.api.message;

import java.nio.charset.StandardCharsets;

/** A topic that something is published to: no wildcards, no NUL [MQTT-4.7.1-1, MQTT-4.7.3-1]. */
public record TopicName(String value) implements Comparable<TopicName> {
  /** The longest topic in UTF-8 bytes [MQTT-4.7.3-3]. */
  public static final int MAX_BYTES = 65_535;

  /**
   * Validates.
   *
   * @throws IllegalArgumentException if empty, too long, or with a wildcard, NUL or lone surrogate
   */
  public TopicName {
    Topics.requireWellFormed("topic", value);
    if (value.indexOf('#') >= 0 || value.indexOf('+') >= 0) {
      throw new IllegalArgumentException("topic '" + value + "' must not hold + or #");
    }
  }

  /** True for {@code $aws/…}, which only owners of reserved topics handle. */
  public boolean reserved() {
    return value.startsWith("$aws/");
  }

  /** Length in UTF-8 bytes. */
  public int utf8Length() {
    return value.getBytes(StandardCharsets.UTF_8).length;
  }

  @Override
  public int compareTo(TopicName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
