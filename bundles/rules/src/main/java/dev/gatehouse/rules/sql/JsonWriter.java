package dev.gatehouse.rules.sql;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** Writes values as JSON without blanks; Undefined members and items are left out. */
final class JsonWriter {
  private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] TRUE = ascii("true");
  private static final byte[] FALSE = ascii("false");
  private static final byte[] NULL = ascii("null");

  private byte[] out = new byte[128];
  private int length;

  private static byte[] ascii(String word) {
    return word.getBytes(StandardCharsets.US_ASCII);
  }

  static byte[] bytes(Value value) {
    JsonWriter writer = new JsonWriter();
    writer.write(value);
    return Arrays.copyOf(writer.out, writer.length);
  }

  static String text(Value value) {
    JsonWriter writer = new JsonWriter();
    writer.write(value);
    return new String(writer.out, 0, writer.length, StandardCharsets.UTF_8);
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
    return Arrays.copyOf(out, length);
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
        int end = endOfOthers(text, i);
        raw(text.substring(i, end).getBytes(StandardCharsets.UTF_8));
        room(text.length() - end + 1);
        i = end;
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

  private static int endOfOthers(String text, int from) {
    int end = from;
    while (end < text.length() && text.charAt(end) >= 0x80) {
      end++;
    }
    return end;
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
      out = Arrays.copyOf(out, Math.max(out.length * 2, length + more));
    }
  }
}
