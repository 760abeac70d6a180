package dev.gatehouse.rules.sql;

import org.jspecify.annotations.Nullable;

/**
 * Values from and to JSON, paid for by an evaluation. Nesting is limited to 200 levels: deeper
 * texts count as not JSON.
 */
final class Json {
  private static final byte[] NOTHING = new byte[0];

  private Json() {}

  /** Reads a whole document; null if it is not JSON. */
  static @Nullable Value parse(byte[] bytes, Evaluation evaluation) {
    return JsonReader.read(bytes, evaluation);
  }

  /** UTF-8 JSON without blanks; Undefined members are left out, alone it is no bytes. */
  static byte[] bytes(Value value, Evaluation evaluation) {
    return value instanceof Value.Undefined ? NOTHING : JsonWriter.bytes(value, evaluation);
  }

  /** The same as a text. */
  static String text(Value value, Evaluation evaluation) {
    return value instanceof Value.Undefined ? "" : JsonWriter.text(value, evaluation);
  }
}
