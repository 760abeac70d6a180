package dev.gatehouse.rules.sql;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Functions of numbers; whatever is not one gives Undefined. */
final class NumberFunctions {
  private static final int MAX_PLACES = 34;

  private NumberFunctions() {}

  static void addTo(Map<String, Function> all) {
    all.put("abs", decimals(Arithmetic::abs));
    all.put("sign", decimals(n -> new Value.Int(n.decimal().signum())));
    all.put("ceil", decimals(n -> Numbers.rounded(n.decimal(), RoundingMode.CEILING)));
    all.put("floor", decimals(n -> Numbers.rounded(n.decimal(), RoundingMode.FLOOR)));
    all.put("round", (e, a) -> a.length == 2 ? cut(a, RoundingMode.HALF_UP) : round(a));
    all.put("trunc", (e, a) -> a.length == 2 ? cut(a, RoundingMode.DOWN) : Value.UNDEFINED);
    all.put(
        "mod", (e, a) -> a.length == 2 ? Operator.MODULO.apply(a[0], a[1], e) : Value.UNDEFINED);
    all.put(
        "remainder",
        (e, a) -> a.length == 2 ? Operator.MODULO.apply(a[0], a[1], e) : Value.UNDEFINED);
    addDoubles(all);
    all.put("bitand", bits(BigInteger::and));
    all.put("bitor", bits(BigInteger::or));
    all.put("bitxor", bits(BigInteger::xor));
    all.put("bitnot", (e, a) -> a.length == 1 ? not(a[0]) : Value.UNDEFINED);
    all.put("rand", (e, a) -> Numbers.ofDouble(ThreadLocalRandom.current().nextDouble()));
  }

  private static void addDoubles(Map<String, Function> all) {
    all.put("sqrt", doubles(Math::sqrt));
    all.put("exp", doubles(Math::exp));
    all.put("ln", doubles(Math::log));
    all.put("log", (e, a) -> a.length == 2 ? logarithm(a) : doubles(Math::log10).apply(e, a));
    all.put("power", doubles2(Math::pow));
    all.put("atan2", doubles2(Math::atan2));
    all.put("acos", doubles(Math::acos));
    all.put("asin", doubles(Math::asin));
    all.put("atan", doubles(Math::atan));
    all.put("cos", doubles(Math::cos));
    all.put("sin", doubles(Math::sin));
    all.put("tan", doubles(Math::tan));
    all.put("cosh", doubles(Math::cosh));
    all.put("sinh", doubles(Math::sinh));
    all.put("tanh", doubles(Math::tanh));
  }

  private interface Arithmetic {
    Value apply(Value.Numeric number);

    static Value abs(Value.Numeric number) {
      return number.integral()
          ? Numbers.integer(number.decimal().toBigInteger().abs())
          : new Value.Decimal(number.decimal().abs());
    }
  }

  private static Function decimals(Arithmetic arithmetic) {
    return (evaluation, arguments) ->
        arguments.length == 1 && Convert.number(arguments[0]) instanceof Value.Numeric number
            ? arithmetic.apply(number)
            : Value.UNDEFINED;
  }

  private static Value round(Value[] arguments) {
    BigDecimal number = arguments.length == 1 ? Convert.decimal(arguments[0]) : null;
    return number == null ? Value.UNDEFINED : Numbers.rounded(number, RoundingMode.HALF_UP);
  }

  private static Value cut(Value[] arguments, RoundingMode mode) {
    BigDecimal number = Convert.decimal(arguments[0]);
    BigDecimal places = Convert.decimal(arguments[1]);
    if (number == null || places == null) {
      return Value.UNDEFINED;
    }
    int kept = (int) Math.max(0, Math.min(MAX_PLACES, Math.floor(places.doubleValue())));
    if (number.scale() > kept) {
      number = number.setScale(kept, mode);
    }
    BigDecimal stripped = number.stripTrailingZeros();
    return stripped.scale() <= 0
        ? Numbers.wholeAsInt(new Value.Decimal(stripped))
        : Numbers.computed(stripped);
  }

  private static Value logarithm(Value[] arguments) {
    BigDecimal number = Convert.decimal(arguments[0]);
    BigDecimal base = Convert.decimal(arguments[1]);
    return number == null || base == null
        ? Value.UNDEFINED
        : Numbers.ofDouble(Math.log(number.doubleValue()) / Math.log(base.doubleValue()));
  }

  private static Function doubles(DoubleUnaryOperator operator) {
    return (evaluation, arguments) -> {
      BigDecimal number = arguments.length == 1 ? Convert.decimal(arguments[0]) : null;
      return number == null
          ? Value.UNDEFINED
          : Numbers.ofDouble(operator.applyAsDouble(number.doubleValue()));
    };
  }

  private static Function doubles2(DoubleBinaryOperator operator) {
    return (evaluation, arguments) -> {
      BigDecimal a = arguments.length == 2 ? Convert.decimal(arguments[0]) : null;
      BigDecimal b = arguments.length == 2 ? Convert.decimal(arguments[1]) : null;
      return a == null || b == null
          ? Value.UNDEFINED
          : Numbers.ofDouble(operator.applyAsDouble(a.doubleValue(), b.doubleValue()));
    };
  }

  private static @Nullable BigInteger floored(Value value) {
    BigDecimal number = Convert.decimal(value);
    return number != null
            && Numbers.rounded(number, RoundingMode.FLOOR) instanceof Value.Numeric whole
        ? whole.decimal().toBigInteger()
        : null;
  }

  private static Function bits(BinaryOperator<BigInteger> operator) {
    return (evaluation, arguments) -> {
      BigInteger a = arguments.length == 2 ? floored(arguments[0]) : null;
      BigInteger b = arguments.length == 2 ? floored(arguments[1]) : null;
      return a == null || b == null ? Value.UNDEFINED : Numbers.integer(operator.apply(a, b));
    };
  }

  private static Value not(Value value) {
    BigInteger whole = floored(value);
    return whole == null ? value : Numbers.integer(whole.not());
  }
}
