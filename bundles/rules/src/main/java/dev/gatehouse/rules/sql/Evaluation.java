package dev.gatehouse.rules.sql;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The evaluation of one statement, and of its actions' templates, for one message. */
public final class Evaluation {
  /** Steps per message; a step is a node, a character that a regular expression looks at, … */
  static final long BUDGET = 1_000_000;

  private static final Value[] NO_VALUES = new Value[0];

  private final byte[] payload;
  private final MessageContext context;
  private final ExternalFunctions external;
  private final SqlVersion version;
  private final @Nullable RootNames names;
  private final Value[] variables;
  private Value @Nullable [] members;
  private @Nullable Value root;
  private boolean parsed;
  private @Nullable Value row;
  private long budget = BUDGET;

  /** With the names that will be asked for; null if all of the payload will be. */
  Evaluation(
      byte[] payload,
      MessageContext context,
      ExternalFunctions external,
      SqlVersion version,
      @Nullable RootNames names,
      int variables) {
    this.payload = payload;
    this.context = context;
    this.external = external;
    this.version = version;
    this.names = names;
    this.variables = variables == 0 ? NO_VALUES : new Value[variables];
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
      root = Json.parse(payload, version.modern());
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

  private Value[] members(RootNames wanted) {
    Value[] found = members;
    if (found == null) {
      found = new Value[wanted.size()];
      Arrays.fill(found, Value.UNDEFINED);
      if (!JsonReader.readMembers(payload, version.modern(), wanted, found)) {
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
      throw new EvaluationException(
          "evaluating the statement takes more than " + BUDGET + " steps for this message");
    }
  }
}
