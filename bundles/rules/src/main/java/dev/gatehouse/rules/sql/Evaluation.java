package dev.gatehouse.rules.sql;

import dev.gatehouse.api.memory.MemoryShare;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The evaluation of one statement, and of its actions' templates, for one message. It pays in steps
 * for its work and in bytes for every value that it builds, so that neither an expression nor a
 * payload can make a small message cost much.
 */
public final class Evaluation implements AutoCloseable {
  /** Steps per message; a step is a node, a character that a regular expression looks at, … */
  static final long BUDGET = 1_000_000;

  /** The longest text that a statement makes, in UTF-16 units. */
  static final int MAX_TEXT = 1_048_576;

  /** The largest payload that SELECT makes, in bytes. */
  static final int MAX_RESULT = 1_048_576;

  /** The bytes that a statement may build for one message, however large the heap is. */
  private static final long MAX_BYTES = 16 << 20;

  /** The bytes that are not asked of the share: most messages never need more. */
  private static final int FREE_BYTES = 64 << 10;

  private static final int CHUNK_BYTES = 64 << 10;

  private static final Value[] NO_VALUES = new Value[0];

  private final byte[] payload;
  private final MessageContext context;
  private final ExternalFunctions external;
  private final SqlVersion version;
  private final @Nullable RootNames names;
  private final Value[] variables;
  private final @Nullable MemoryShare memory;
  private Value @Nullable [] members;
  private @Nullable Value root;
  private boolean parsed;
  private @Nullable Value row;
  private long budget = BUDGET;
  private long room = FREE_BYTES;
  private long taken;

  /**
   * Begins with nothing computed.
   *
   * @param names that will be asked for; null if all of the payload will be
   * @param memory pays for what is built; null: only the bound of one message holds
   */
  Evaluation(
      byte[] payload,
      MessageContext context,
      ExternalFunctions external,
      SqlVersion version,
      @Nullable RootNames names,
      int variables,
      @Nullable MemoryShare memory) {
    this.payload = payload;
    this.context = context;
    this.external = external;
    this.version = version;
    this.names = names;
    this.variables = variables == 0 ? NO_VALUES : new Value[variables];
    this.memory = memory;
  }

  byte[] payload() {
    return payload;
  }

  MessageContext context() {
    return context;
  }

  ExternalFunctions external() {
    return external;
  }

  SqlVersion version() {
    return version;
  }

  /** All of the payload, null if it is not JSON. */
  @Nullable Value root() {
    if (!parsed) {
      root = Json.parse(payload, this);
      parsed = true;
    }
    return root;
  }

  Value field(String name, int place) {
    if (row == null && names != null) {
      return members(names)[place];
    }
    Value from = row == null ? root() : row;
    return from == null ? Value.UNDEFINED : member(from, name);
  }

  /** Bytes as a text, null if they are not UTF-8. */
  @Nullable String utf8(byte[] bytes) {
    buildText(bytes.length);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private Value[] members(RootNames wanted) {
    Value[] found = members;
    if (found == null) {
      build(8L * wanted.size());
      found = new Value[wanted.size()];
      Arrays.fill(found, Value.UNDEFINED);
      if (!JsonReader.readMembers(payload, this, wanted, found)) {
        Arrays.fill(found, Value.UNDEFINED);
      }
      members = found;
    }
    return found;
  }

  static Value member(Value of, String name) {
    if (of instanceof Value.Members object) {
      Map<String, Value> members = object.members();
      Value value = members.get(name);
      return value == null ? Value.UNDEFINED : value;
    }
    return Value.UNDEFINED;
  }

  /** Sets the element that a nested SELECT looks at and tells the one before. */
  @Nullable Value enter(@Nullable Value element) {
    Value before = row;
    row = element;
    return before;
  }

  @Nullable Value row() {
    return row;
  }

  Value variable(int index) {
    return variables[index];
  }

  void assign(int index, Value value) {
    variables[index] = value;
  }

  /** Counts the work of looking at a value once. */
  void spendOn(Value value) {
    if (value instanceof Value.Text text) {
      spend(text.value().length() >> 4);
    } else if (value instanceof Value.Array || value instanceof Value.Members) {
      spend(payload.length >> 4);
    }
  }

  /** Counts work. */
  void spend(long steps) {
    budget -= steps;
    if (budget < 0) {
      throw EvaluationException.limit(
          "evaluating the statement takes more than " + BUDGET + " steps for this message");
    }
  }

  /** Pays for memory before it is allocated. */
  void build(long bytes) {
    room -= bytes;
    if (room < 0) {
      takeMore();
    }
  }

  /** Gives back bytes of what is gone, such as a buffer that has been copied to a larger one. */
  void discard(long bytes) {
    room += bytes;
  }

  /** Pays for a text of a length in UTF-16 units, which is checked. */
  void buildText(long length) {
    if (length > MAX_TEXT) {
      throw new EvaluationException(
          "a text would have %d characters, at most %d are allowed".formatted(length, MAX_TEXT));
    }
    build(56 + 2 * length);
  }

  private void takeMore() {
    long wanted = (CHUNK_BYTES - 1 - room) / CHUNK_BYTES * CHUNK_BYTES;
    // A quarter of the share stays for the other messages.
    long most = memory == null ? MAX_BYTES : Math.min(MAX_BYTES, memory.limitBytes() / 4 * 3);
    if (taken + wanted > most) {
      throw EvaluationException.limit(
          "evaluating the statement takes more than " + most + " bytes of memory for this message");
    }
    if (memory != null && !memory.tryTake(wanted)) {
      throw EvaluationException.limit(
          "the memory for evaluating rules is in use (%d of %d bytes), %d more were needed"
              .formatted(memory.usedBytes(), memory.limitBytes(), wanted));
    }
    taken += wanted;
    room += wanted;
  }

  /** Whether nothing more can be evaluated for this message. */
  public boolean isExhausted() {
    return budget < 0 || room < 0;
  }

  /** About how many bytes were built that are not taken from the share. */
  public long uncountedBytes() {
    return Math.max(0, FREE_BYTES - room);
  }

  /** Gives back the memory that was taken; what was computed is not to be used any longer. */
  @Override
  public void close() {
    if (memory != null && taken > 0) {
      memory.release(taken);
      taken = 0;
    }
  }
}
