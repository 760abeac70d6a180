package dev.gatehouse.rules.sql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON (RFC 8259, UTF-8) into values. All of it is checked, but only what is asked for
 * becomes a value, and is paid for: most rules look at a few members of large messages.
 */
final class JsonReader {
  private static final int MAX_DEPTH = 200;

  // What values cost on a 64-bit heap, with the room that lists and maps keep for more.
  static final int OBJECT_BYTES = 160;
  static final int MEMBER_BYTES = 56;
  static final int ARRAY_BYTES = 96;
  static final int ITEM_BYTES = 8;
  static final int TEXT_BYTES = 56;
  private static final int NUMBER_BYTES = 24;

  private final JsonScanner in;
  private final boolean wholeAsInt;
  private final Evaluation evaluation;

  private JsonReader(byte[] bytes, Evaluation evaluation) {
    this.in = new JsonScanner(bytes);
    this.wholeAsInt = evaluation.version().modern();
    this.evaluation = evaluation;
  }

  /**
   * Reads a whole document.
   *
   * @param evaluation pays for the values; its version says whether {@code 10.0} is an Int
   * @return null if it is not JSON
   */
  static @Nullable Value read(byte[] bytes, Evaluation evaluation) {
    JsonReader reader = new JsonReader(bytes, evaluation);
    try {
      Value value = reader.value(0);
      return reader.in.atEnd() ? value : null;
    } catch (JsonScanner.NotJson e) {
      return null;
    }
  }

  /**
   * Reads members of the root.
   *
   * @param into one place per name; left alone where the root has no such member
   * @return false if it is not JSON
   */
  static boolean readMembers(byte[] bytes, Evaluation evaluation, RootNames names, Value[] into) {
    JsonReader reader = new JsonReader(bytes, evaluation);
    try {
      if (reader.in.peek() == '{') {
        reader.members(names, into);
      } else {
        reader.skip(0);
      }
      return reader.in.atEnd();
    } catch (JsonScanner.NotJson e) {
      return false;
    }
  }

  private void members(RootNames names, Value[] into) {
    in.take();
    if (in.peek() == '}') {
      in.take();
      return;
    }
    int separator;
    do {
      int place = name(names);
      in.expect(':');
      if (place >= 0) {
        into[place] = value(1);
      } else {
        skip(1);
      }
      separator = in.next();
    } while (separator == ',');
    in.require(separator == '}');
  }

  /** The place of the next name; below zero if nobody asks for it. */
  private int name(RootNames names) {
    int from = in.stringStart();
    int to = in.plainStringEnd(from);
    return to < 0 ? names.find(in.decoded(from)) : names.find(in.bytes(), from, to);
  }

  private Value value(int depth) {
    int c = in.peek();
    switch (c) {
      case '{':
        return object(depth);
      case '[':
        return array(depth);
      case '"':
        return new Value.Text(string());
      case 't':
        in.literal("true");
        return Value.Bool.TRUE;
      case 'f':
        in.literal("false");
        return Value.Bool.FALSE;
      case 'n':
        in.literal("null");
        return Value.NULL;
      default:
        evaluation.build(NUMBER_BYTES);
        return in.number(wholeAsInt);
    }
  }

  /** The next string, paid for: a byte for each character while they are ASCII, else two. */
  private String string() {
    int from = in.stringStart();
    int to = in.plainStringEnd(from);
    evaluation.build(TEXT_BYTES + (to < 0 ? 2L * in.stringLength(from) : to - from));
    return to < 0 ? in.decoded(from) : in.plain(from, to);
  }

  private Value object(int depth) {
    in.require(depth < MAX_DEPTH);
    in.take();
    evaluation.build(OBJECT_BYTES);
    Map<String, Value> members = new LinkedHashMap<>();
    if (in.peek() == '}') {
      in.take();
      return new Value.Members(members);
    }
    int separator;
    do {
      evaluation.build(MEMBER_BYTES);
      String name = string();
      in.expect(':');
      members.put(name, value(depth + 1));
      separator = in.next();
    } while (separator == ',');
    in.require(separator == '}');
    return new Value.Members(members);
  }

  private Value array(int depth) {
    in.require(depth < MAX_DEPTH);
    in.take();
    evaluation.build(ARRAY_BYTES);
    List<Value> items = new ArrayList<>();
    if (in.peek() == ']') {
      in.take();
      return new Value.Array(items);
    }
    int separator;
    do {
      evaluation.build(ITEM_BYTES);
      items.add(value(depth + 1));
      separator = in.next();
    } while (separator == ',');
    in.require(separator == ']');
    return new Value.Array(items);
  }

  /** Checks a value and makes none. */
  private void skip(int depth) {
    int c = in.peek();
    switch (c) {
      case '{', '[' -> skipNested(c, depth);
      case '"' -> in.skipString();
      case 't' -> in.literal("true");
      case 'f' -> in.literal("false");
      case 'n' -> in.literal("null");
      default -> in.skipNumber();
    }
  }

  private void skipNested(int open, int depth) {
    in.require(depth < MAX_DEPTH);
    in.take();
    int close = open == '{' ? '}' : ']';
    if (in.peek() == close) {
      in.take();
      return;
    }
    int separator;
    do {
      if (open == '{') {
        in.peek();
        in.skipString();
        in.expect(':');
      }
      skip(depth + 1);
      separator = in.next();
    } while (separator == ',');
    in.require(separator == close);
  }
}
