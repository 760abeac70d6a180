package dev.gatehouse.rules.sql;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * Writes values as JSON without blanks; Undefined members and items are left out. What is written
 * is bounded and paid for: a value may hold another one many times over, at several levels.
 */
final class JsonWriter {
  private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] TRUE = ascii("true");
  private static final byte[] FALSE = ascii("false");
  private static final byte[] NULL = ascii("null");

  private final Evaluation evaluation;
  private static final int ROOM_FOR_AN_ESCAPE = 8;

  private byte[] out = new byte[128];
  private int length;

  JsonWriter(Evaluation evaluation) {
    this.evaluation = evaluation;
  }

  private static byte[] ascii(String word) {
    return word.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * UTF-8.
   *
   * @throws EvaluationException if it is too long
   */
  static byte[] bytes(Value value, Evaluation evaluation) {
    JsonWriter writer = new JsonWriter(evaluation);
    writer.write(value);
    return writer.copy();
  }

  /**
   * The same as a text.
   *
   * @throws EvaluationException if it is too long
   */
  static String text(Value value, Evaluation evaluation) {
    JsonWriter writer = new JsonWriter(evaluation);
    writer.write(value);
    evaluation.buildText(writer.length);
    return new String(writer.out, 0, writer.length, StandardCharsets.UTF_8);
  }

  private byte[] copy() {
    if (length > Evaluation.MAX_RESULT) {
      throw tooLong();
    }
    if (length == out.length) {
      return out;
    }
    evaluation.build(length);
    return Arrays.copyOf(out, length);
  }

  /** Begins an object. */
  void begin() {
    one('{');
  }

  /** Adds a member to it, unless it is Undefined. */
  void member(String name, Value value) {
    if (value instanceof Value.Undefined) {
      return;
    }
    if (out[length - 1] != '{') {
      one(',');
    }
    string(name);
    one(':');
    write(value);
  }

  /** Ends the object. */
  byte[] end() {
    one('}');
    return copy();
  }

  private void write(Value value) {
    if (value instanceof Value.Text text) {
      string(text.value());
    } else if (value instanceof Value.Int number) {
      plain(Long.toString(number.value()));
    } else if (value instanceof Value.Numeric number) {
      plain(number.decimal().toString());
    } else if (value instanceof Value.Members object) {
      object(object.members());
    } else if (value instanceof Value.Array array) {
      array(array);
    } else if (value instanceof Value.Bool bool) {
      raw(bool.value() ? TRUE : FALSE);
    } else {
      raw(NULL);
    }
  }

  private void object(Map<String, Value> members) {
    int open = '{';
    for (Map.Entry<String, Value> member : members.entrySet()) {
      evaluation.spend(1);
      if (!(member.getValue() instanceof Value.Undefined)) {
        one(open);
        open = ',';
        string(member.getKey());
        one(':');
        write(member.getValue());
      }
    }
    if (open == '{') {
      one('{');
    }
    one('}');
  }

  private void array(Value.Array array) {
    int open = '[';
    for (Value item : array.items()) {
      evaluation.spend(1); // also for an item that is Undefined, which leaves no trace
      if (!(item instanceof Value.Undefined)) {
        one(open);
        open = ',';
        write(item);
      }
    }
    if (open == '[') {
      one('[');
    }
    one(']');
  }

  private void one(int c) {
    room(1);
    out[length++] = (byte) c;
  }

  private void raw(byte[] bytes) {
    room(bytes.length);
    System.arraycopy(bytes, 0, out, length, bytes.length);
    length += bytes.length;
  }

  @SuppressWarnings("deprecation") // copies the low bytes, since they are ASCII
  private void plain(String ascii) {
    room(ascii.length());
    ascii.getBytes(0, ascii.length(), out, length);
    length += ascii.length();
  }

  private void string(String text) {
    room(text.length() + 2);
    out[length++] = '"';
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        i = others(text, i);
        room(text.length() - i + 1);
      } else {
        if (c < ' ' || c == '"' || c == '\\') {
          escape(c);
          room(text.length() - i + 1);
        } else {
          out[length++] = (byte) c;
        }
        i++;
      }
    }
    one('"');
  }

  /** Writes the characters beyond ASCII that come here as UTF-8; returns where they end. */
  private int others(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) >= 0x80) {
      int c = text.codePointAt(at);
      room(6);
      if (c < 0x800) {
        out[length++] = (byte) (0xC0 | (c >> 6));
      } else if (c < 0x10000) {
        if (Character.isSurrogate((char) c)) {
          halfOfAPair(c);
          at++;
          continue;
        }
        out[length++] = (byte) (0xE0 | (c >> 12));
        out[length++] = (byte) (0x80 | ((c >> 6) & 0x3F));
      } else {
        out[length++] = (byte) (0xF0 | (c >> 18));
        out[length++] = (byte) (0x80 | ((c >> 12) & 0x3F));
        out[length++] = (byte) (0x80 | ((c >> 6) & 0x3F));
      }
      out[length++] = (byte) (0x80 | (c & 0x3F));
      at += Character.charCount(c);
    }
    return at;
  }

  /** UTF-8 has no form for it, but JSON has: the escape that it came as. */
  private void halfOfAPair(int c) {
    plain("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      one(HEX[(c >> shift) & 15]);
    }
  }

  private void escape(char c) {
    room(6);
    out[length++] = '\\';
    int letter = "\b\t\n\f\r".indexOf(c);
    if (letter >= 0) {
      out[length++] = (byte) "btnfr".charAt(letter);
    } else if (c >= ' ') {
      out[length++] = (byte) c;
    } else {
      plain("u00");
      one(HEX[c >> 4]);
      one(HEX[c & 15]);
    }
  }

  private void room(int more) {
    if (length + more > out.length) {
      grow(length + more);
    }
  }

  private static EvaluationException tooLong() {
    return EvaluationException.limit(
        "the JSON that was to be written is longer than " + Evaluation.MAX_RESULT + " bytes");
  }

  private void grow(int needed) {
    if (needed > Evaluation.MAX_RESULT + ROOM_FOR_AN_ESCAPE) {
      throw tooLong();
    }
    int size = Math.max(Math.min(out.length * 2, Evaluation.MAX_RESULT), needed);
    evaluation.build(size);
    int before = out.length;
    out = Arrays.copyOf(out, size);
    evaluation.discard(before);
  }
}
