package dev.gatehouse.rules.sql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node of a compiled statement. */
sealed interface Expression {

  /** The value for a message. */
  Value evaluate(Evaluation evaluation);

  /** A constant. */
  record Literal(Value value) implements Expression {
    @Override
    public Value evaluate(Evaluation evaluation) {
      return value;
    }
  }

  /**
   * A member of the payload, or of the element in a nested SELECT.
   *
   * @param place among the statement's {@link RootNames}, -1 in a nested SELECT
   */
  record Field(String name, int place) implements Expression {
    @Override
    public Value evaluate(Evaluation evaluation) {
      evaluation.spend(1);
      return evaluation.field(name, place);
    }
  }

  /** {@code of.name}. */
  record Member(Expression of, String name) implements Expression {
    @Override
    public Value evaluate(Evaluation evaluation) {
      return Evaluation.member(of.evaluate(evaluation), name);
    }
  }

  /** {@code @name}. */
  record Variable(int index, String name) implements Expression {
    @Override
    public Value evaluate(Evaluation evaluation) {
      return evaluation.variable(index);
    }
  }

  /**
   * The payload, or the element in a nested SELECT. A payload that is not JSON is a text.
   *
   * @param bytesAllowed whether bytes that are no text become base64; otherwise the rule fails,
   *     since no function could tell that text from the payload
   */
  record Star(boolean bytesAllowed) implements Expression {
    @Override
    public Value evaluate(Evaluation evaluation) {
      Value row = evaluation.row() == null ? evaluation.root() : evaluation.row();
      if (row != null) {
        return row;
      }
      String text = evaluation.utf8(evaluation.payload());
      if (text != null) {
        return new Value.Text(text);
      }
      if (bytesAllowed) {
        return HashFunctions.base64(evaluation.payload(), evaluation);
      }
      throw new EvaluationException(
          "the payload is not UTF-8, so * is no text here; encode(*, 'base64') takes any bytes");
    }
  }

  /** Two operands. */
  record Binary(Operator operator, Expression left, Expression right) implements Expression {
    @Override
    public Value evaluate(Evaluation evaluation) {
      evaluation.spend(1);
      Value a = left.evaluate(evaluation);
      Value b = right.evaluate(evaluation);
      evaluation.spendOn(a);
      evaluation.spendOn(b);
      return operator.apply(a, b, evaluation);
    }
  }

  /** {@code NOT}. */
  record Not(Expression of) implements Expression {
    @Override
    public Value evaluate(Evaluation evaluation) {
      Boolean bool = Convert.bool(of.evaluate(evaluation));
      return bool == null ? Value.UNDEFINED : Value.Bool.of(!bool);
    }
  }

  /** {@code CASE v WHEN … THEN … ELSE … END}. */
  record Case(Expression of, List<When> whens, @Nullable Expression otherwise)
      implements Expression {
    record When(Expression test, Expression result) {}

    @Override
    public Value evaluate(Evaluation evaluation) {
      evaluation.spend(1);
      Value value = of.evaluate(evaluation);
      if (value instanceof Value.Undefined) {
        return value;
      }
      for (When when : whens) {
        Value test = when.test().evaluate(evaluation);
        if (Value.Bool.TRUE.equals(Operator.EQUAL.apply(value, test, evaluation))) {
          return when.result().evaluate(evaluation);
        }
      }
      return otherwise == null ? Value.UNDEFINED : otherwise.evaluate(evaluation);
    }
  }

  /** {@code cast(value AS type)}. */
  record Cast(Expression of, Convert.Type type) implements Expression {
    @Override
    public Value evaluate(Evaluation evaluation) {
      return Convert.cast(of.evaluate(evaluation), type, evaluation);
    }
  }

  /** {@code [a, b]}. */
  record ArrayLiteral(List<Expression> items) implements Expression {
    @Override
    public Value evaluate(Evaluation evaluation) {
      evaluation.spend(items.size());
      evaluation.build(JsonReader.ARRAY_BYTES + (long) JsonReader.ITEM_BYTES * items.size());
      List<Value> values = new ArrayList<>(items.size());
      for (Expression item : items) {
        values.add(item.evaluate(evaluation));
      }
      return new Value.Array(values);
    }
  }

  /** <code>{'k': v}</code>. */
  record ObjectLiteral(Map<String, Expression> members) implements Expression {
    @Override
    public Value evaluate(Evaluation evaluation) {
      evaluation.spend(members.size());
      evaluation.build(JsonReader.OBJECT_BYTES + (long) JsonReader.MEMBER_BYTES * members.size());
      Map<String, Value> values = new LinkedHashMap<>();
      members.forEach((name, value) -> values.put(name, value.evaluate(evaluation)));
      return new Value.Members(values);
    }
  }

  /** A call of a built-in function. */
  record Call(String name, Function function, List<Expression> arguments) implements Expression {
    @Override
    public Value evaluate(Evaluation evaluation) {
      evaluation.spend(4);
      Value[] values = new Value[arguments.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = arguments.get(i).evaluate(evaluation);
        evaluation.spendOn(values[i]);
      }
      return function.apply(evaluation, values);
    }
  }

  /** {@code encode(*, 'base64')}: any bytes, without a detour over text. */
  record EncodePayload() implements Expression {
    @Override
    public Value evaluate(Evaluation evaluation) {
      return HashFunctions.base64(evaluation.payload(), evaluation);
    }
  }

  /** {@code get_or_default(expr, default)}, which also catches what fails. */
  record OrDefault(Expression of, @Nullable Expression otherwise) implements Expression {
    @Override
    public Value evaluate(Evaluation evaluation) {
      Value value;
      try {
        value = of.evaluate(evaluation);
      } catch (EvaluationException e) {
        if (e.isLimit()) {
          throw e;
        }
        value = Value.UNDEFINED;
      }
      if (!(value instanceof Value.Undefined || value instanceof Value.Null)) {
        return value;
      }
      return otherwise == null ? Value.UNDEFINED : otherwise.evaluate(evaluation);
    }
  }

  /** A call of a function that another bundle provides. */
  record ExternalCall(String name, List<Expression> arguments) implements Expression {
    /** So that one message causes about a hundred calls at most: each may block for seconds. */
    private static final long CALL_STEPS = 10_000;

    /** How much larger the tree is that a function makes of an argument, at worst. */
    private static final int TREE = 30;

    @Override
    public Value evaluate(Evaluation evaluation) {
      evaluation.spend(CALL_STEPS);
      List<byte @Nullable []> json = new ArrayList<>(arguments.size());
      for (Expression argument : arguments) {
        Value value = argument.evaluate(evaluation);
        byte[] bytes = value instanceof Value.Undefined ? null : Json.bytes(value, evaluation);
        evaluation.build(bytes == null ? 0 : TREE * (long) bytes.length);
        json.add(bytes);
      }
      byte[] result = evaluation.external().call(name, json);
      if (result == null) {
        return Value.UNDEFINED;
      }
      Value value = Json.parse(result, evaluation);
      if (value == null) {
        throw new EvaluationException("function " + name + " did not answer JSON");
      }
      return value;
    }
  }

  /** {@code (SELECT … FROM path WHERE …)}. */
  record Nested(Selection selection, Expression from, @Nullable Expression where)
      implements Expression {
    @Override
    public Value evaluate(Evaluation evaluation) {
      Value source = from.evaluate(evaluation);
      if (source instanceof Value.Members) {
        Value result = element(evaluation, source);
        return result == null ? Value.UNDEFINED : result;
      }
      if (!(source instanceof Value.Array array)) {
        return Value.UNDEFINED;
      }
      evaluation.build(JsonReader.ARRAY_BYTES);
      List<Value> results = new ArrayList<>();
      for (Value item : array.items()) {
        evaluation.build(JsonReader.ITEM_BYTES);
        Value result = element(evaluation, item);
        if (result != null) {
          results.add(result);
        }
      }
      return new Value.Array(results);
    }

    private @Nullable Value element(Evaluation evaluation, Value item) {
      evaluation.spend(2);
      Value before = evaluation.enter(item);
      try {
        return where == null || Value.Bool.TRUE.equals(where.evaluate(evaluation))
            ? selection.select(evaluation, item)
            : null;
      } finally {
        evaluation.enter(before);
      }
    }
  }
}
