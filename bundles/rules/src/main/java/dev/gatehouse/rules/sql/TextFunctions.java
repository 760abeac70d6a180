package dev.gatehouse.rules.sql;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Functions of texts; arguments become Strings first, Null and Undefined give Undefined. Positions
 * and lengths count characters (code points), so that none beyond U+FFFF is cut in half.
 */
final class TextFunctions {
  private static final int MAX_PADDING = 1_000;

  private TextFunctions() {}

  static void addTo(Map<String, Function> all) {
    all.put("lower", text(s -> s.toLowerCase(Locale.ROOT)));
    all.put("upper", text(s -> s.toUpperCase(Locale.ROOT)));
    all.put("trim", text(String::strip));
    all.put("ltrim", text(TextFunctions::left));
    all.put("rtrim", text(TextFunctions::right));
    all.put("lpad", (e, a) -> pad(e, a, true));
    all.put("rpad", (e, a) -> pad(e, a, false));
    all.put("length", count(s -> s.codePointCount(0, s.length())));
    all.put("numbytes", count(TextFunctions::utf8Length));
    all.put("startswith", test(String::startsWith));
    all.put("endswith", test(String::endsWith));
    all.put("indexof", TextFunctions::indexOf);
    all.put("substring", TextFunctions::substring);
    all.put("replace", TextFunctions::replace);
    all.put("chr", (e, a) -> chr(a));
  }

  /**
   * Two texts as one.
   *
   * @throws EvaluationException if it would be too long
   */
  static Value joined(Evaluation evaluation, String a, String b) {
    evaluation.buildText((long) a.length() + b.length());
    return new Value.Text(a.concat(b));
  }

  static Value of(@Nullable String text) {
    return text == null ? Value.UNDEFINED : new Value.Text(text);
  }

  private static Function text(UnaryOperator<String> operator) {
    return (evaluation, arguments) -> {
      String text = arguments.length == 1 ? Convert.text(arguments[0], evaluation) : null;
      if (text == null) {
        return Value.UNDEFINED;
      }
      evaluation.buildText(text.length());
      return of(operator.apply(text));
    };
  }

  private static Function count(java.util.function.ToIntFunction<String> counter) {
    return (evaluation, arguments) -> {
      String text = arguments.length == 1 ? Convert.text(arguments[0], evaluation) : null;
      return text == null ? Value.UNDEFINED : new Value.Int(counter.applyAsInt(text));
    };
  }

  private static Function test(BiPredicate<String, String> predicate) {
    return (evaluation, arguments) -> {
      String a = arguments.length == 2 ? Convert.text(arguments[0], evaluation) : null;
      String b = arguments.length == 2 ? Convert.text(arguments[1], evaluation) : null;
      return a == null || b == null ? Value.UNDEFINED : Value.Bool.of(predicate.test(a, b));
    };
  }

  /** The bytes of a text in UTF-8, without making them; half of a pair counts as one byte. */
  private static int utf8Length(String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        bytes++;
      } else if (c < 0x800) {
        bytes += 2;
      } else if (!Character.isSurrogate(c)) {
        bytes += 3;
      } else if (Pairs.isWhole(text, i)) {
        bytes += 4;
        i++;
      } else {
        bytes++;
      }
    }
    return bytes;
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

  private static Value pad(Evaluation evaluation, Value[] arguments, boolean before) {
    String text = arguments.length == 2 ? Convert.text(arguments[0], evaluation) : null;
    BigDecimal count = arguments.length == 2 ? Convert.decimal(arguments[1]) : null;
    if (text == null || count == null) {
      return Value.UNDEFINED;
    }
    int blanks = (int) Math.max(0, Math.min(MAX_PADDING, Math.floor(count.doubleValue())));
    evaluation.buildText(text.length() + blanks);
    return of(before ? " ".repeat(blanks) + text : text + " ".repeat(blanks));
  }

  /** Both arguments are converted, but no array: the function is for texts only. */
  private static Value indexOf(Evaluation evaluation, Value[] arguments) {
    if (arguments.length != 2
        || arguments[0] instanceof Value.Array
        || arguments[1] instanceof Value.Array) {
      return Value.UNDEFINED;
    }
    String text = Convert.text(arguments[0], evaluation);
    String part = Convert.text(arguments[1], evaluation);
    if (text == null || part == null) {
      return Value.UNDEFINED;
    }
    int at = new Search(text, part, evaluation).next(0);
    return new Value.Int(at < 0 ? at : text.codePointCount(0, at));
  }

  private static Value substring(Evaluation evaluation, Value[] arguments) {
    if (arguments.length < 2 || arguments.length > 3) {
      return Value.UNDEFINED;
    }
    String text = Convert.text(arguments[0], evaluation);
    BigDecimal from = Convert.decimal(arguments[1]);
    BigDecimal to = arguments.length == 3 ? Convert.decimal(arguments[2]) : BigDecimal.valueOf(1e9);
    if (text == null || from == null || to == null) {
      return Value.UNDEFINED;
    }
    int begin = Pairs.offset(text, clamp(from, text.length()));
    int end = Pairs.offset(text, clamp(to, text.length()));
    if (begin >= end) {
      return of("");
    }
    evaluation.buildText(end - begin);
    return of(text.substring(begin, end));
  }

  private static int clamp(BigDecimal index, int length) {
    return (int) Math.max(0, Math.min(length, index.doubleValue()));
  }

  private static Value replace(Evaluation evaluation, Value[] arguments) {
    String text = arguments.length == 3 ? Convert.text(arguments[0], evaluation) : null;
    String from = arguments.length == 3 ? Convert.text(arguments[1], evaluation) : null;
    String to = arguments.length == 3 ? Convert.text(arguments[2], evaluation) : null;
    if (text == null || from == null || to == null) {
      return Value.UNDEFINED;
    }
    Search search = new Search(text, from, evaluation);
    int at = search.next(0);
    if (at < 0) {
      return of(text);
    }
    PaidText result = new PaidText(evaluation);
    int copied = 0;
    while (at >= 0) {
      result.append(text, copied, at).append(to, 0, to.length());
      copied = at + from.length();
      at = search.next(from.isEmpty() ? Pairs.after(text, at) : copied);
    }
    return of(result.append(text, copied, text.length()).toString());
  }

  private static Value chr(Value[] arguments) {
    BigDecimal code = arguments.length == 1 ? Convert.decimal(arguments[0]) : null;
    double floor = code == null ? -1 : Math.floor(code.doubleValue());
    return floor < 0 || floor > 127 ? Value.UNDEFINED : of(String.valueOf((char) floor));
  }
}
