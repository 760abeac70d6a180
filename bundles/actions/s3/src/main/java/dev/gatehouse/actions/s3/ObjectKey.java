package dev.gatehouse.actions.s3;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A key as it can be a path below a bucket's directory.
 *
 * @param segments at least one, none of them empty, {@code .} or {@code ..}
 */
record ObjectKey(List<String> segments) {
  private static final int MAX_BYTES = 1024;
  private static final int MAX_SEGMENT_BYTES = 255;

  /** Copies. */
  ObjectKey {
    segments = List.copyOf(segments);
  }

  /**
   * Reads a key.
   *
   * @throws IllegalArgumentException if it is empty, too long, or would leave the bucket
   */
  static ObjectKey of(String key) {
    int length = bytes(key);
    if (length == 0 || length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "key is " + length + " bytes of UTF-8, not 1 to " + MAX_BYTES);
    }
    if (key.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("key holds a control character");
    }
    List<String> segments = List.of(key.split("/", -1));
    for (String segment : segments) {
      if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
        throw new IllegalArgumentException("key '" + key + "' has the segment '" + segment + "'");
      }
      if (bytes(segment) > MAX_SEGMENT_BYTES) {
        throw new IllegalArgumentException(
            "key has a segment of "
                + bytes(segment)
                + " bytes, at most "
                + MAX_SEGMENT_BYTES
                + " are allowed");
      }
    }
    return new ObjectKey(segments);
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
