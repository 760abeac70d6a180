package dev.gatehouse.rules.sql;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers of 34 digits and a magnitude of 1E-999 to 9.99E999. */
final class Numbers {
  static final MathContext PRECISION = MathContext.DECIMAL128;
  private static final int MAX_EXPONENT = 999;
  private static final int MAX_DIGITS = 34;
  private static final BigInteger LONG_MIN = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger LONG_MAX = BigInteger.valueOf(Long.MAX_VALUE);

  private Numbers() {}

  static Value integer(BigInteger value) {
    if (value.compareTo(LONG_MIN) >= 0 && value.compareTo(LONG_MAX) <= 0) {
      return new Value.Int(value.longValue());
    }
    BigDecimal decimal = new BigDecimal(value);
    return decimal.precision() <= MAX_DIGITS ? new Value.BigInt(value) : computed(decimal);
  }

  /** A Decimal as written; Undefined beyond the magnitude that the SQL knows. */
  static Value written(BigDecimal value) {
    if (!inRange(value)) {
      return Value.UNDEFINED;
    }
    return new Value.Decimal(value.precision() > MAX_DIGITS ? value.round(PRECISION) : value);
  }

  /** A calculated Decimal, written without an exponent if it is not longer than 34 digits. */
  static Value computed(BigDecimal value) {
    if (!inRange(value)) {
      return Value.UNDEFINED;
    }
    BigDecimal rounded = value.round(PRECISION);
    if (rounded.scale() < 0 && (long) rounded.precision() - rounded.scale() <= MAX_DIGITS) {
      rounded = rounded.setScale(0);
    }
    return new Value.Decimal(rounded);
  }

  /** A Decimal of double precision; Undefined if not finite. */
  static Value ofDouble(double value) {
    return Double.isFinite(value) ? computed(BigDecimal.valueOf(value)) : Value.UNDEFINED;
  }

  /** An Int from a Decimal; Undefined if it would have more than 34 digits. */
  static Value rounded(BigDecimal value, RoundingMode mode) {
    if ((long) value.precision() - value.scale() > MAX_DIGITS) {
      return Value.UNDEFINED;
    }
    return integer(value.setScale(0, mode).toBigInteger());
  }

  /** What SQL 2016-03-23 makes of {@code 10.0}. */
  static Value wholeAsInt(Value value) {
    if (value instanceof Value.Decimal decimal) {
      BigDecimal stripped = decimal.decimal().stripTrailingZeros();
      if (stripped.scale() <= 0 && (long) stripped.precision() - stripped.scale() <= MAX_DIGITS) {
        return integer(stripped.toBigInteger());
      }
    }
    return value;
  }

  private static boolean inRange(BigDecimal value) {
    if (value.signum() == 0) {
      return Math.abs((long) value.scale()) <= MAX_EXPONENT;
    }
    long exponent = (long) value.precision() - value.scale() - 1;
    return Math.abs(exponent) <= MAX_EXPONENT;
  }
}
