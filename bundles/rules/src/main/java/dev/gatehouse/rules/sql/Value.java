package dev.gatehouse.rules.sql;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/** A value of the SQL (guide: Data Types). */
public sealed interface Value {
  /** JSON null and the keyword. */
  Value NULL = new Null();

  /** An absent member, a failed conversion, a wrong argument. */
  Value UNDEFINED = new Undefined();

  /** A number. */
  sealed interface Numeric extends Value {
    /** The exact value. */
    BigDecimal decimal();

    /** True for an Int. */
    boolean integral();
  }

  /** An Int that fits 64 bits. */
  record Int(long value) implements Numeric {
    @Override
    public BigDecimal decimal() {
      return BigDecimal.valueOf(value);
    }

    @Override
    public boolean integral() {
      return true;
    }
  }

  /** An Int beyond 64 bits, up to 34 digits; made by {@link Numbers#integer} only. */
  record BigInt(BigInteger value) implements Numeric {
    @Override
    public BigDecimal decimal() {
      return new BigDecimal(value);
    }

    @Override
    public boolean integral() {
      return true;
    }
  }

  /** A Decimal, which keeps the digits it was written with. */
  record Decimal(BigDecimal decimal) implements Numeric {
    @Override
    public boolean integral() {
      return false;
    }
  }

  /** A Boolean. */
  record Bool(boolean value) implements Value {
    static final Bool TRUE = new Bool(true);
    static final Bool FALSE = new Bool(false);

    static Bool of(boolean value) {
      return value ? TRUE : FALSE;
    }
  }

  /** A String. */
  record Text(String value) implements Value {}

  /** An Array; the list is not to be modified. */
  record Array(List<Value> items) implements Value {}

  /** An Object in the order of its members; the map is not to be modified. */
  record Members(Map<String, Value> members) implements Value {}

  /** See {@link #NULL}. */
  record Null() implements Value {}

  /** See {@link #UNDEFINED}. */
  record Undefined() implements Value {}
}
