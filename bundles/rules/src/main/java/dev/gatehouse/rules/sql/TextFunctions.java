package dev.gatehouse.rules.sql;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Functions of texts; arguments become Strings first, Null and Undefined give Undefined. */
final class TextFunctions {
  /** The longest text that a function makes. */
  static final int MAX_LENGTH = 1_048_576;

  private static final int MAX_PADDING = 1_000;

  private TextFunctions() {}

  static void addTo(Map<String, Function> all) {
    all.put("lower", text(s -> s.toLowerCase(Locale.ROOT)));
    all.put("upper", text(s -> s.toUpperCase(Locale.ROOT)));
    all.put("trim", text(s -> left(right(s))));
    all.put("ltrim", text(TextFunctions::left));
    all.put("rtrim", text(TextFunctions::right));
    all.put("lpad", (e, a) -> pad(a, true));
    all.put("rpad", (e, a) -> pad(a, false));
    all.put("length", count(s -> s.codePointCount(0, s.length())));
    all.put("numbytes", count(s -> s.getBytes(StandardCharsets.UTF_8).length));
    all.put("startswith", test(String::startsWith));
    all.put("endswith", test(String::endsWith));
    all.put("indexof", (e, a) -> indexOf(a));
    all.put("substring", (e, a) -> substring(a));
    all.put("replace", TextFunctions::replace);
    all.put("chr", (e, a) -> chr(a));
  }

  /**
   * Two texts as one.
   *
   * @throws EvaluationException if it would be too long
   */
  static Value joined(String a, String b) {
    if ((long) a.length() + b.length() > MAX_LENGTH) {
      throw new EvaluationException("a text may have " + MAX_LENGTH + " characters");
    }
    return new Value.Text(a.concat(b));
  }

  static Value of(@Nullable String text) {
    return text == null ? Value.UNDEFINED : new Value.Text(text);
  }

  private static Function text(UnaryOperator<String> operator) {
    return (evaluation, arguments) -> {
      String text = arguments.length == 1 ? Convert.text(arguments[0]) : null;
      return text == null ? Value.UNDEFINED : of(operator.apply(text));
    };
  }

  private static Function count(java.util.function.ToIntFunction<String> counter) {
    return (evaluation, arguments) -> {
      String text = arguments.length == 1 ? Convert.text(arguments[0]) : null;
      return text == null ? Value.UNDEFINED : new Value.Int(counter.applyAsInt(text));
    };
  }

  private static Function test(BiPredicate<String, String> predicate) {
    return (evaluation, arguments) -> {
      String a = arguments.length == 2 ? Convert.text(arguments[0]) : null;
      String b = arguments.length == 2 ? Convert.text(arguments[1]) : null;
      return a == null || b == null ? Value.UNDEFINED : Value.Bool.of(predicate.test(a, b));
    };
  }

  private static String left(String text) {
    int from = 0;
    while (from < text.length() && blank(text.charAt(from))) {
      from++;
    }
    return text.substring(from);
  }

  private static String right(String text) {
    int to = text.length();
    while (to > 0 && blank(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(0, to);
  }

  private static boolean blank(char c) {
    return c == ' ' || c == '\t';
  }

  private static Value pad(Value[] arguments, boolean before) {
    String text = arguments.length == 2 ? Convert.text(arguments[0]) : null;
    BigDecimal count = arguments.length == 2 ? Convert.decimal(arguments[1]) : null;
    if (text == null || count == null) {
      return Value.UNDEFINED;
    }
    int blanks = (int) Math.max(0, Math.min(MAX_PADDING, Math.floor(count.doubleValue())));
    return of(before ? " ".repeat(blanks) + text : text + " ".repeat(blanks));
  }

  private static Value indexOf(Value[] arguments) {
    return arguments.length == 2
            && arguments[0] instanceof Value.Text text
            && arguments[1] instanceof Value.Text part
        ? new Value.Int(text.value().indexOf(part.value()))
        : Value.UNDEFINED;
  }

  private static Value substring(Value[] arguments) {
    if (arguments.length < 2 || arguments.length > 3) {
      return Value.UNDEFINED;
    }
    String text = Convert.text(arguments[0]);
    BigDecimal from = Convert.decimal(arguments[1]);
    BigDecimal to = arguments.length == 3 ? Convert.decimal(arguments[2]) : BigDecimal.valueOf(1e9);
    if (text == null || from == null || to == null) {
      return Value.UNDEFINED;
    }
    int begin = clamp(from, text.length());
    int end = clamp(to, text.length());
    return of(begin >= end ? "" : text.substring(begin, end));
  }

  private static int clamp(BigDecimal index, int length) {
    return (int) Math.max(0, Math.min(length, index.doubleValue()));
  }

  private static Value replace(Evaluation evaluation, Value[] arguments) {
    String text = arguments.length == 3 ? Convert.text(arguments[0]) : null;
    String from = arguments.length == 3 ? Convert.text(arguments[1]) : null;
    String to = arguments.length == 3 ? Convert.text(arguments[2]) : null;
    if (text == null || from == null || to == null) {
      return Value.UNDEFINED;
    }
    evaluation.spend(text.length());
    if ((long) (text.length() + 1) * (to.length() + 1) > MAX_LENGTH) {
      throw new EvaluationException("replace may make more than " + MAX_LENGTH + " characters");
    }
    return of(text.replace(from, to));
  }

  private static Value chr(Value[] arguments) {
    BigDecimal code = arguments.length == 1 ? Convert.decimal(arguments[0]) : null;
    double floor = code == null ? -1 : Math.floor(code.doubleValue());
    return floor < 0 || floor > 127 ? Value.UNDEFINED : of(String.valueOf((char) floor));
  }
}
