package dev.gatehouse.rules.sql;

import org.jspecify.annotations.Nullable;

/** Values from and to JSON. Nesting is limited to 200 levels, beyond it is not JSON to us. */
final class Json {
  private static final byte[] NOTHING = new byte[0];

  private Json() {}

  /** Reads a whole document; null if it is not JSON. */
  static @Nullable Value parse(byte[] bytes, boolean wholeAsInt) {
    return JsonReader.read(bytes, wholeAsInt);
  }

  /** UTF-8 JSON without blanks; Undefined members are left out, alone it is no bytes. */
  static byte[] bytes(Value value) {
    return value instanceof Value.Undefined ? NOTHING : JsonWriter.bytes(value);
  }

  /** The same as a text. */
  static String text(Value value) {
    return value instanceof Value.Undefined ? "" : JsonWriter.text(value);
  }
}
