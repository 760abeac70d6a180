package dev.gatehouse.identity.policy;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One condition: an operator, a key, and the values of which one must hold.
 *
 * @param operator without its {@code IfExists}
 * @param quantifier which of a key's values must hold
 * @param ifExists whether an absent key is as good as a match
 */
record Condition(
    Operator operator,
    Quantifier quantifier,
    boolean ifExists,
    String key,
    List<String> values,
    List<Pattern> patterns) {

  /** Which of a key's values a condition is about. */
  enum Quantifier {
    NONE(""),
    /** One must hold, so there must be one. */
    ANY("ForAnyValue:"),
    /** All must hold, if there are any. */
    ALL("ForAllValues:");

    private final String prefix;

    Quantifier(String prefix) {
      this.prefix = prefix;
    }

    static Quantifier of(String name) {
      return name.startsWith(ANY.prefix) ? ANY : name.startsWith(ALL.prefix) ? ALL : NONE;
    }

    String without(String name) {
      return name.substring(prefix.length());
    }
  }

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

    /** Whether a document may give this value: one that never holds would make a Deny void. */
    boolean accepts(String value) {
      if (name().endsWith("IP_ADDRESS")) {
        return AddressRange.parse(value).isPresent();
      }
      if (name().startsWith("NUMERIC")) {
        return number(value) != null;
      }
      if (name().startsWith("DATE")) {
        return date(value) != null;
      }
      boolean truth = this == BOOL || this == NULL;
      return !truth || value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false");
    }
  }

  /** Whether it holds for a key that has no value. */
  boolean holdsForAbsent() {
    if (operator == Operator.NULL) {
      return values.stream().anyMatch(Boolean::parseBoolean);
    }
    return switch (quantifier) {
      case ANY -> ifExists;
      case ALL -> true;
      case NONE -> ifExists || operator.negated();
    };
  }

  /**
   * Whether it holds.
   *
   * @param denying whether that takes rights
   */
  boolean holds(Values known, boolean denying) {
    List<String> actual = known.all(key);
    if (actual.isEmpty()) {
      return holdsForAbsent();
    }
    if (operator == Operator.NULL) {
      return values.stream().anyMatch(value -> !Boolean.parseBoolean(value));
    }
    // Without a quantifier a key should have one value. If it has more, all must give rights.
    boolean all = quantifier == Quantifier.ALL || (quantifier == Quantifier.NONE && !denying);
    for (String one : actual) {
      if (holds(one, known, denying) != all) {
        return !all;
      }
    }
    return all;
  }

  private boolean holds(String actual, Values known, boolean denying) {
    boolean any = false;
    for (int i = 0; i < values.size() && !any; i++) {
      any = matches(actual, values.get(i), patterns.get(i), known, denying);
    }
    return any != operator.negated();
  }

  /** The names of what it asks for. */
  Stream<String> variables() {
    return Stream.concat(Stream.of(key), patterns.stream().flatMap(Pattern::variables));
  }

  private boolean matches(
      String actual, String wanted, Pattern pattern, Values known, boolean denying) {
    return switch (operator) {
      case BOOL -> actual.equalsIgnoreCase(wanted);
      case IP_ADDRESS, NOT_IP_ADDRESS -> AddressRange.parse(wanted).orElseThrow().contains(actual);
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
      default -> pattern.matches(actual, known, denying != operator.negated());
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
