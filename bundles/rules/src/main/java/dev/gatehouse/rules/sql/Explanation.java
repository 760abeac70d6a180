package dev.gatehouse.rules.sql;

import dev.gatehouse.api.rules.Rules.Step;
import java.util.ArrayList;
import java.util.List;

/** Tells part by part what a statement makes of a message. */
final class Explanation {
  private static final int MAX_TEXT = 200;

  private final Evaluation evaluation;
  private final List<Step> steps = new ArrayList<>();

  Explanation(Evaluation evaluation) {
    this.evaluation = evaluation;
  }

  Evaluation evaluation() {
    return evaluation;
  }

  List<Step> steps() {
    return steps;
  }

  void add(String clause, boolean passed, String detail) {
    steps.add(new Step(clause, passed, detail));
  }

  /** Each comparison of a condition, then what they make together. */
  boolean condition(Expression where) {
    Value value = parts(where);
    boolean passed = Value.Bool.TRUE.equals(value);
    String because = passed ? "lets it through" : "stops it: only true goes on";
    add("WHERE", passed, "is " + show(value) + ", " + because);
    return passed;
  }

  private Value parts(Expression part) {
    if (part instanceof Expression.Binary binary) {
      boolean logic = binary.operator() == Operator.AND || binary.operator() == Operator.OR;
      Value left = logic ? parts(binary.left()) : binary.left().evaluate(evaluation);
      Value right = logic ? parts(binary.right()) : binary.right().evaluate(evaluation);
      Value value = binary.operator().apply(left, right, evaluation);
      add(
          "WHERE",
          Value.Bool.TRUE.equals(value),
          operand(binary.left(), left)
              + " "
              + binary.operator().symbol()
              + " "
              + operand(binary.right(), right)
              + " is "
              + show(value));
      return value;
    }
    if (part instanceof Expression.Not not) {
      parts(not.of());
    }
    return part.evaluate(evaluation);
  }

  void item(String name, Expression expression) {
    Value value = expression.evaluate(evaluation);
    boolean there = !(value instanceof Value.Undefined);
    add("SELECT", there, name + " is " + show(value) + (there ? "" : ", left out"));
  }

  void variable(String name, Value value) {
    add("SET", true, "@" + name + " is " + show(value));
  }

  private String operand(Expression expression, Value value) {
    String label = label(expression);
    return label.isEmpty() ? show(value) : label + " (" + show(value) + ")";
  }

  /** What a part is called; nothing if its value says it all. */
  private static String label(Expression expression) {
    if (expression instanceof Expression.Field field) {
      return field.name();
    } else if (expression instanceof Expression.Member member) {
      return label(member.of()) + "." + member.name();
    } else if (expression instanceof Expression.Variable variable) {
      return "@" + variable.name();
    } else if (expression instanceof Expression.Call call) {
      return call.name() + "()";
    } else if (expression instanceof Expression.ExternalCall call) {
      return call.name() + "()";
    }
    return "";
  }

  private String show(Value value) {
    String text = value instanceof Value.Undefined ? "Undefined" : Json.text(value, evaluation);
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
  }
}
