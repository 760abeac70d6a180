package dev.gatehouse.json;

/**
 * How much heap a JSON text takes once it is parsed, known without parsing it. A small text can
 * become a large tree: each level of {@code {"":{"":...}}} is 6 bytes of text and 228 of heap.
 */
public final class JsonSize {
  // Measured with Jackson's trees on a 64-bit JVM with compressed references, rounded up.
  private static final int OBJECT = 80;
  private static final int MEMBER = 128; // the entry, and its share of the map's table
  private static final int ARRAY = 104;
  private static final int ELEMENT = 8;
  private static final int STRING = 64;
  private static final int INTEGER = 16;
  private static final int DECIMAL = 64;

  private final byte[] json;
  private int at;
  private long heap;

  private JsonSize(byte[] json) {
    this.json = json;
  }

  /**
   * An upper bound of the heap that the tree of a JSON text takes. Takes about a nanosecond a byte
   * and allocates nothing. Of a text that is not JSON the result means nothing, but is not large
   * either: at most 128 times the text.
   *
   * @param json UTF-8
   * @return bytes
   */
  public static long treeBytes(byte[] json) {
    return new JsonSize(json).scan();
  }

  private long scan() {
    while (at < json.length) {
      byte c = json[at++];
      switch (c) {
        case '{' -> heap += OBJECT;
        case '[' -> heap += ARRAY;
        case ':' -> heap += MEMBER;
        case ',' -> heap += ELEMENT;
        case '"' -> string();
        case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
        default -> {
          // White space, closing brackets and literals take no heap of their own.
        }
      }
    }
    return heap;
  }

  private void string() {
    int start = at;
    boolean latin1 = true;
    while (at < json.length && json[at] != '"') {
      latin1 &= json[at] > 0 && json[at] != '\\'; // an escape may stand for any character
      at += json[at] == '\\' ? 2 : 1;
    }
    int length = Math.max(0, Math.min(at, json.length) - start);
    heap += STRING + (latin1 ? length : 2L * length);
    at++;
  }

  private void number() {
    int start = at;
    boolean decimal = false;
    while (at < json.length && isNumber(json[at])) {
      decimal |= json[at] == '.' || json[at] == 'e' || json[at] == 'E';
      at++;
    }
    int digits = at - start + 1;
    heap += (decimal || digits > 18 ? DECIMAL : INTEGER) + digits;
  }

  private static boolean isNumber(byte c) {
    return (c >= '0' && c <= '9') || c == '.' || c == 'e' || c == 'E' || c == '+' || c == '-';
  }
}
