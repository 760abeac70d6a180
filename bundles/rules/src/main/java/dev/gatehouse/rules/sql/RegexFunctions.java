package dev.gatehouse.rules.sql;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Regular expressions, whose every look at a character is paid from the message's budget. */
final class RegexFunctions {
  private static final int CACHED = 64;
  private static final ThreadLocal<Map<String, Pattern>> PATTERNS =
      ThreadLocal.withInitial(
          () ->
              new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Pattern> eldest) {
                  return size() > CACHED;
                }
              });

  private RegexFunctions() {}

  static void addTo(Map<String, Function> all) {
    all.put("regexp_matches", (e, a) -> run(e, a, 2, m -> Value.Bool.of(m.find())));
    all.put(
        "regexp_substr",
        (e, a) -> run(e, a, 2, m -> m.find() ? TextFunctions.of(m.group()) : Value.UNDEFINED));
    all.put(
        "regexp_replace",
        (e, a) -> {
          String by = a.length == 3 ? Convert.text(a[2]) : null;
          return by == null
              ? Value.UNDEFINED
              : run(e, a, 3, m -> TextFunctions.of(m.replaceAll(by)));
        });
  }

  private static Value run(
      Evaluation evaluation,
      Value[] arguments,
      int count,
      java.util.function.Function<Matcher, Value> use) {
    String text = arguments.length == count ? Convert.text(arguments[0]) : null;
    String regex = arguments.length == count ? Convert.text(arguments[1]) : null;
    Pattern pattern = regex == null ? null : pattern(regex);
    if (text == null || pattern == null) {
      return Value.UNDEFINED;
    }
    try {
      return use.apply(pattern.matcher(new Paid(text, 0, text.length(), evaluation)));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return Value.UNDEFINED; // the replacement names a group that there is not
    } catch (StackOverflowError e) {
      throw new EvaluationException("the regular expression nests too deeply for this text");
    }
  }

  private static @Nullable Pattern pattern(String regex) {
    Map<String, Pattern> cache = PATTERNS.get();
    Pattern pattern = cache.get(regex);
    if (pattern == null) {
      try {
        pattern = Pattern.compile(regex);
      } catch (PatternSyntaxException | StackOverflowError e) {
        return null;
      }
      cache.put(regex, pattern);
    }
    return pattern;
  }

  private record Paid(String text, int from, int to, Evaluation evaluation)
      implements CharSequence {
    @Override
    public int length() {
      return to - from;
    }

    @Override
    public char charAt(int index) {
      evaluation.spend(1);
      return text.charAt(from + index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return new Paid(text, from + start, from + end, evaluation);
    }

    @Override
    public String toString() {
      return text.substring(from, to);
    }
  }
}
