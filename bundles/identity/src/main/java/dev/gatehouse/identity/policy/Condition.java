package dev.gatehouse.identity.policy;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One condition: an operator, a key, and the values of which one must hold.
 *
 * @param operator without its {@code IfExists}
 * @param ifExists whether an absent key is as good as a match
 */
record Condition(
    Operator operator, boolean ifExists, String key, List<String> values, List<Pattern> patterns) {

  /** What is compared, and how. */
  enum Operator {
    STRING_EQUALS,
    STRING_NOT_EQUALS,
    STRING_EQUALS_IGNORE_CASE,
    STRING_NOT_EQUALS_IGNORE_CASE,
    STRING_LIKE,
    STRING_NOT_LIKE,
    ARN_EQUALS,
    ARN_NOT_EQUALS,
    ARN_LIKE,
    ARN_NOT_LIKE,
    NUMERIC_EQUALS,
    NUMERIC_NOT_EQUALS,
    NUMERIC_LESS_THAN,
    NUMERIC_LESS_THAN_EQUALS,
    NUMERIC_GREATER_THAN,
    NUMERIC_GREATER_THAN_EQUALS,
    DATE_EQUALS,
    DATE_NOT_EQUALS,
    DATE_LESS_THAN,
    DATE_LESS_THAN_EQUALS,
    DATE_GREATER_THAN,
    DATE_GREATER_THAN_EQUALS,
    BOOL,
    IP_ADDRESS,
    NOT_IP_ADDRESS,
    NULL;

    /** As policies spell it, such as {@code StringNotLike}. */
    static @Nullable Operator named(String name) {
      for (Operator operator : values()) {
        if (operator.name().replace("_", "").equalsIgnoreCase(name)) {
          return operator;
        }
      }
      return null;
    }

    boolean negated() {
      return name().contains("NOT_");
    }
  }

  boolean holds(Map<String, String> variables, boolean denying) {
    @Nullable String actual = variables.get(key);
    if (operator == Operator.NULL) {
      return values.contains(Boolean.toString(actual == null));
    }
    if (actual == null) {
      return ifExists || operator.negated();
    }
    boolean any = false;
    for (int i = 0; i < values.size() && !any; i++) {
      any = matches(actual, values.get(i), patterns.get(i), variables, denying);
    }
    return any != operator.negated();
  }

  private boolean matches(
      String actual,
      String wanted,
      Pattern pattern,
      Map<String, String> variables,
      boolean denying) {
    return switch (operator) {
      case BOOL -> actual.equalsIgnoreCase(wanted);
      case IP_ADDRESS, NOT_IP_ADDRESS -> AddressRange.parse(wanted).contains(actual);
      case NUMERIC_EQUALS,
          NUMERIC_NOT_EQUALS,
          NUMERIC_LESS_THAN,
          NUMERIC_LESS_THAN_EQUALS,
          NUMERIC_GREATER_THAN,
          NUMERIC_GREATER_THAN_EQUALS ->
          compared(number(actual), number(wanted));
      case DATE_EQUALS,
          DATE_NOT_EQUALS,
          DATE_LESS_THAN,
          DATE_LESS_THAN_EQUALS,
          DATE_GREATER_THAN,
          DATE_GREATER_THAN_EQUALS ->
          compared(date(actual), date(wanted));
      default -> pattern.matches(actual, variables, denying != operator.negated());
    };
  }

  private <T extends Comparable<T>> boolean compared(@Nullable T actual, @Nullable T wanted) {
    if (actual == null || wanted == null) {
      return false;
    }
    int order = actual.compareTo(wanted);
    String name = operator.name();
    if (name.endsWith("LESS_THAN")) {
      return order < 0;
    }
    if (name.endsWith("LESS_THAN_EQUALS")) {
      return order <= 0;
    }
    if (name.endsWith("GREATER_THAN")) {
      return order > 0;
    }
    return name.endsWith("GREATER_THAN_EQUALS") ? order >= 0 : order == 0;
  }

  static @Nullable BigDecimal number(String text) {
    try {
      return text.length() > 64 ? null : new BigDecimal(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** ISO 8601 in UTC, or seconds since the epoch. */
  static @Nullable Instant date(String text) {
    try {
      return text.matches("-?\\d{1,12}")
          ? Instant.ofEpochSecond(Long.parseLong(text))
          : Instant.parse(text.toUpperCase(Locale.ROOT));
    } catch (DateTimeException e) {
      return null;
    }
  }
}
