package dev.gatehouse.rules.sql;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Regular expressions, whose every look at a character is paid from the message's budget. */
final class RegexFunctions {
  /** The longest expression; a compiled one takes about a hundred bytes for each character. */
  private static final int MAX_LENGTH = 8_192;

  private static final int COMPILED_BYTES = 100;

  private static final ThreadLocal<Patterns> PATTERNS = ThreadLocal.withInitial(Patterns::new);

  private RegexFunctions() {}

  /** The expressions that a thread used last, of bounded length altogether. */
  private static final class Patterns extends LinkedHashMap<String, Pattern> {
    private static final long serialVersionUID = 1L;
    private static final int MAX_CHARACTERS = 8_192;
    private int characters;

    Patterns() {
      super(16, 0.75f, true);
    }

    void keep(String regex, Pattern pattern) {
      if (regex.length() <= MAX_CHARACTERS / 8 && put(regex, pattern) == null) {
        characters += regex.length() + 1;
      }
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Pattern> eldest) {
      while (characters > MAX_CHARACTERS) {
        String first = keySet().iterator().next();
        characters -= first.length() + 1;
        remove(first);
      }
      return false;
    }
  }

  static void addTo(Map<String, Function> all) {
    all.put("regexp_matches", (e, a) -> run(e, a, 2, m -> Value.Bool.of(m.find())));
    all.put("regexp_substr", (e, a) -> run(e, a, 2, m -> m.find() ? group(e, m) : Value.UNDEFINED));
    all.put(
        "regexp_replace",
        (e, a) -> {
          String by = a.length == 3 ? Convert.text(a[2], e) : null;
          String text = by == null ? null : Convert.text(a[0], e);
          return by == null || text == null
              ? Value.UNDEFINED
              : run(e, a, 3, m -> new Value.Text(new Replacement(by, e).all(m, text)));
        });
  }

  private static Value group(Evaluation evaluation, Matcher matcher) {
    evaluation.buildText(matcher.end() - matcher.start());
    return new Value.Text(matcher.group());
  }

  private static Value run(
      Evaluation evaluation,
      Value[] arguments,
      int count,
      java.util.function.Function<Matcher, Value> use) {
    String text = arguments.length == count ? Convert.text(arguments[0], evaluation) : null;
    String regex = arguments.length == count ? Convert.text(arguments[1], evaluation) : null;
    Pattern pattern = regex == null ? null : pattern(regex, evaluation);
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

  private static @Nullable Pattern pattern(String regex, Evaluation evaluation) {
    Patterns cache = PATTERNS.get();
    Pattern pattern = cache.get(regex);
    if (pattern == null) {
      if (regex.length() > MAX_LENGTH) {
        throw new EvaluationException(
            "the regular expression has %d characters, at most %d are allowed"
                .formatted(regex.length(), MAX_LENGTH));
      }
      evaluation.spend(regex.length());
      evaluation.build((long) COMPILED_BYTES * regex.length());
      try {
        pattern = Pattern.compile(regex);
      } catch (PatternSyntaxException | StackOverflowError e) {
        return null;
      }
      cache.keep(regex, pattern);
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
