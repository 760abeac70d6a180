package dev.gatehouse.rules.sql;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Implicit conversions and {@code cast} (guide: Conversions). Failure is Undefined. */
final class Convert {
  private Convert() {}

  /** To Decimal or Int, whichever it is; Null stays Null. */
  static Value number(Value value) {
    if (value instanceof Value.Numeric || value instanceof Value.Null) {
      return value;
    }
    BigDecimal decimal = value instanceof Value.Text text ? parse(text.value()) : null;
    return decimal == null ? Value.UNDEFINED : Numbers.written(decimal);
  }

  /** The number as BigDecimal, null if it is none. */
  static @Nullable BigDecimal decimal(Value value) {
    return number(value) instanceof Value.Numeric number ? number.decimal() : null;
  }

  /** To Int: a Decimal to the nearest, a String cut off. */
  static Value integer(Value value) {
    if (value instanceof Value.Decimal decimal) {
      return Numbers.rounded(decimal.decimal(), RoundingMode.HALF_UP);
    }
    if (value instanceof Value.Text text) {
      BigDecimal decimal = parse(text.value());
      return decimal == null ? Value.UNDEFINED : Numbers.rounded(decimal, RoundingMode.DOWN);
    }
    return value instanceof Value.Numeric || value instanceof Value.Null ? value : Value.UNDEFINED;
  }

  /** To Boolean: itself, or true and false in any case; null if it is neither. */
  static @Nullable Boolean bool(Value value) {
    if (value instanceof Value.Bool bool) {
      return bool.value();
    }
    if (value instanceof Value.Text text) {
      if (text.value().equalsIgnoreCase("true")) {
        return true;
      }
      if (text.value().equalsIgnoreCase("false")) {
        return false;
      }
    }
    return null;
  }

  /** To String; null for Null and Undefined, which have no text. */
  static @Nullable String text(Value value, Evaluation evaluation) {
    if (value instanceof Value.Text text) {
      return text.value();
    }
    if (value instanceof Value.Null || value instanceof Value.Undefined) {
      return null;
    }
    return Json.text(value, evaluation);
  }

  /** The types that {@code cast} knows. */
  enum Type {
    TEXT,
    INT,
    DOUBLE,
    DECIMAL,
    BOOL;

    /** By a type word, null if there is no such type in the version. */
    static @Nullable Type of(String word, SqlVersion version) {
      return switch (word.toLowerCase(Locale.ROOT)) {
        case "string", "nvarchar", "varchar", "text", "ntext" -> TEXT;
        case "int", "integer" -> INT;
        case "double", "float", "num", "number" -> DOUBLE;
        case "decimal" -> version.modern() ? DECIMAL : null;
        case "bool", "boolean" -> version.modern() ? BOOL : null;
        default -> null;
      };
    }
  }

  static Value cast(Value value, Type type, Evaluation evaluation) {
    if (value instanceof Value.Null || value instanceof Value.Undefined) {
      return Value.UNDEFINED;
    }
    if (type == Type.TEXT) {
      String text = text(value, evaluation);
      return text == null ? Value.UNDEFINED : new Value.Text(text);
    }
    if (type == Type.BOOL && value instanceof Value.Numeric number) {
      return Value.Bool.of(number.decimal().signum() != 0);
    }
    if (type == Type.BOOL) {
      Boolean bool = bool(value);
      return bool == null ? Value.UNDEFINED : Value.Bool.of(bool);
    }
    if (value instanceof Value.Bool bool) {
      return type == Type.INT
          ? new Value.Int(bool.value() ? 1 : 0)
          : new Value.Decimal(new BigDecimal(bool.value() ? "1.0" : "0.0"));
    }
    BigDecimal decimal = decimal(value);
    if (decimal == null) {
      return Value.UNDEFINED;
    }
    return switch (type) {
      case INT -> Numbers.rounded(decimal, RoundingMode.FLOOR);
      case DOUBLE -> value instanceof Value.Int ? value : Numbers.ofDouble(decimal.doubleValue());
      default -> value instanceof Value.Numeric ? value : Numbers.written(decimal);
    };
  }

  /** By {@code ^-?\d+(\.\d+)?((?i)E-?\d+)?$}, without the price of a regular expression. */
  static @Nullable BigDecimal parse(String text) {
    int length = text.length();
    int at = length > 0 && text.charAt(0) == '-' ? 1 : 0;
    int end = digits(text, at);
    if (end == at || length > 2_000) {
      return null;
    }
    if (end < length && text.charAt(end) == '.') {
      at = end + 1;
      end = digits(text, at);
      if (end == at) {
        return null;
      }
    }
    if (end < length && (text.charAt(end) == 'e' || text.charAt(end) == 'E')) {
      at = end + 1 < length && text.charAt(end + 1) == '-' ? end + 2 : end + 1;
      end = digits(text, at);
      if (end == at || end - at > 6) {
        return null; // far beyond the magnitude that there is
      }
    }
    return end == length ? new BigDecimal(text) : null;
  }

  private static int digits(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at;
  }
}
