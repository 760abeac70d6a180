package dev.gatehouse.rules.sql;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The operators of two operands (guide: Operators). */
enum Operator {
  OR("OR", 1),
  AND("AND", 2),
  EQUAL("=", 4),
  UNEQUAL("<>", 4),
  LESS("<", 4),
  LESS_OR_EQUAL("<=", 4),
  GREATER(">", 4),
  GREATER_OR_EQUAL(">=", 4),
  IN("IN", 4),
  PLUS("+", 5),
  MINUS("-", 5),
  TIMES("*", 6),
  DIVIDE("/", 6),
  MODULO("%", 6);

  private static final MathContext PRECISION = Numbers.PRECISION;
  private static final int MAX_QUOTIENT_DIGITS = 2_000;

  private final String symbol;
  private final int precedence;

  Operator(String symbol, int precedence) {
    this.symbol = symbol;
    this.precedence = precedence;
  }

  static @Nullable Operator of(String symbol) {
    for (Operator operator : values()) {
      if (operator.symbol.equalsIgnoreCase(symbol)) {
        return operator;
      }
    }
    return null;
  }

  String symbol() {
    return symbol;
  }

  int precedence() {
    return precedence;
  }

  Value apply(Value left, Value right, Evaluation evaluation) {
    return switch (this) {
      case AND, OR -> logic(left, right);
      case EQUAL, UNEQUAL -> equality(left, right, evaluation);
      case IN -> membership(left, right, evaluation);
      case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> order(left, right);
      default -> arithmetic(left, right, evaluation);
    };
  }

  private Value logic(Value left, Value right) {
    Boolean a = Convert.bool(left);
    Boolean b = Convert.bool(right);
    if (a == null || b == null) {
      return Value.UNDEFINED; // even where one side decides, as documented
    }
    return Value.Bool.of(this == AND ? a && b : a || b);
  }

  /** Whether an array holds a value; anything but an array on the right is Undefined. */
  private static Value membership(Value left, Value right, Evaluation evaluation) {
    if (left instanceof Value.Undefined || !(right instanceof Value.Array array)) {
      return Value.UNDEFINED;
    }
    for (Value item : array.items()) {
      if (same(left, item, evaluation)) {
        return Value.Bool.TRUE;
      }
    }
    return Value.Bool.FALSE;
  }

  private Value equality(Value left, Value right, Evaluation evaluation) {
    if (left instanceof Value.Undefined || right instanceof Value.Undefined) {
      return Value.UNDEFINED;
    }
    return Value.Bool.of(same(left, right, evaluation) == (this == EQUAL));
  }

  private static boolean same(Value left, Value right, Evaluation evaluation) {
    evaluation.spend(1);
    if (left instanceof Value.Numeric a && right instanceof Value.Numeric b) {
      return a.decimal().compareTo(b.decimal()) == 0;
    }
    if (left instanceof Value.Array a && right instanceof Value.Array b) {
      return sameItems(a.items(), b.items(), evaluation);
    }
    if (left instanceof Value.Members a && right instanceof Value.Members b) {
      return sameMembers(a.members(), b.members(), evaluation);
    }
    if (left instanceof Value.Text a && right instanceof Value.Text b) {
      evaluation.spend(Math.min(a.value().length(), b.value().length()) >> 4);
    }
    return left.equals(right);
  }

  private static boolean sameItems(List<Value> a, List<Value> b, Evaluation evaluation) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (!same(a.get(i), b.get(i), evaluation)) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameMembers(
      Map<String, Value> a, Map<String, Value> b, Evaluation evaluation) {
    if (a.size() != b.size()) {
      return false;
    }
    for (Map.Entry<String, Value> member : a.entrySet()) {
      Value other = b.get(member.getKey());
      if (other == null || !same(member.getValue(), other, evaluation)) {
        return false;
      }
    }
    return true;
  }

  private Value order(Value left, Value right) {
    int comparison;
    if (left instanceof Value.Int a && right instanceof Value.Int b) {
      comparison = Long.compare(a.value(), b.value());
    } else {
      BigDecimal a = Convert.decimal(left);
      BigDecimal b = Convert.decimal(right);
      if (a == null || b == null) {
        return Value.UNDEFINED;
      }
      comparison = a.compareTo(b);
    }
    return Value.Bool.of(
        switch (this) {
          case LESS -> comparison < 0;
          case LESS_OR_EQUAL -> comparison <= 0;
          case GREATER -> comparison > 0;
          default -> comparison >= 0;
        });
  }

  private Value arithmetic(Value left, Value right, Evaluation evaluation) {
    if (this == PLUS && (left instanceof Value.Text || right instanceof Value.Text)) {
      String a = Convert.text(left, evaluation);
      String b = Convert.text(right, evaluation);
      return a == null || b == null ? Value.UNDEFINED : TextFunctions.joined(evaluation, a, b);
    }
    if (left instanceof Value.Int a && right instanceof Value.Int b) {
      return integers(BigInteger.valueOf(a.value()), BigInteger.valueOf(b.value()));
    }
    Value a = Convert.number(left);
    Value b = Convert.number(right);
    if (!(a instanceof Value.Numeric x) || !(b instanceof Value.Numeric y)) {
      return Value.UNDEFINED;
    }
    return x.integral() && y.integral()
        ? integers(x.decimal().toBigInteger(), y.decimal().toBigInteger())
        : decimals(x.decimal(), y.decimal(), evaluation);
  }

  private Value integers(BigInteger a, BigInteger b) {
    return switch (this) {
      case PLUS -> Numbers.integer(a.add(b));
      case MINUS -> Numbers.integer(a.subtract(b));
      case TIMES -> Numbers.integer(a.multiply(b));
      case DIVIDE -> b.signum() == 0 ? Value.UNDEFINED : Numbers.integer(a.divide(b));
      default -> b.signum() == 0 ? Value.UNDEFINED : Numbers.integer(a.remainder(b));
    };
  }

  private Value decimals(BigDecimal a, BigDecimal b, Evaluation evaluation) {
    return switch (this) {
      case PLUS -> Numbers.computed(a.add(b, PRECISION));
      case MINUS -> Numbers.computed(a.subtract(b, PRECISION));
      case TIMES -> Numbers.computed(a.multiply(b, PRECISION));
      case DIVIDE -> b.signum() == 0 ? Value.UNDEFINED : Numbers.computed(a.divide(b, PRECISION));
      default -> b.signum() == 0 ? Value.UNDEFINED : remainder(a, b, evaluation);
    };
  }

  private static Value remainder(BigDecimal a, BigDecimal b, Evaluation evaluation) {
    // The quotient has as many digits as the magnitudes differ; a long division is slow.
    evaluation.spend(Math.max(0, (long) a.precision() - a.scale() - b.precision() + b.scale()));
    BigDecimal quotient =
        a.divide(b, new MathContext(MAX_QUOTIENT_DIGITS, RoundingMode.DOWN))
            .setScale(0, RoundingMode.DOWN);
    return Numbers.computed(a.subtract(quotient.multiply(b)));
  }
}
