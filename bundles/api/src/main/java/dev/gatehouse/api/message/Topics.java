package dev.gatehouse.api.message;

/** Rules that names and filters share. */
final class Topics {
  private Topics() {}

  /**
   * Throws unless the text is non-empty, in range, and encodable without NUL [MQTT-1.5.4-1, -2].
   */
  static void requireWellFormed(String what, String value) {
    if (value.isEmpty()) {
      throw new IllegalArgumentException(what + " must not be empty");
    }
    int bytes = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == 0) {
        throw new IllegalArgumentException(what + " holds U+0000 at index " + i);
      }
      if (c < 0x80) {
        bytes++;
      } else if (c < 0x800) {
        bytes += 2;
      } else if (Character.isHighSurrogate(c)
          && i + 1 < value.length()
          && Character.isLowSurrogate(value.charAt(i + 1))) {
        bytes += 4;
        i++;
      } else if (Character.isSurrogate(c)) {
        throw new IllegalArgumentException(what + " holds a lone surrogate at index " + i);
      } else {
        bytes += 3;
      }
    }
    if (bytes > TopicName.MAX_BYTES) {
      throw new IllegalArgumentException(
          what + " is " + bytes + " bytes long, at most " + TopicName.MAX_BYTES + " are allowed");
    }
  }
}
