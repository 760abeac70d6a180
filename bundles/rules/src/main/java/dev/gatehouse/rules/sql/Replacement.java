package dev.gatehouse.rules.sql;

import java.util.regex.Matcher;

/**
 * The third argument of {@code regexp_replace}, with the meaning that {@link
 * Matcher#appendReplacement} gives it: {@code $1} and <code>${name}</code> stand for groups, a
 * backslash makes the next character plain. Every piece is paid for before it is written, since a
 * short replacement that names a long group many times makes a very long text.
 */
final class Replacement {
  private final String template;
  private final Evaluation evaluation;

  Replacement(String template, Evaluation evaluation) {
    this.template = template;
    this.evaluation = evaluation;
  }

  /**
   * The text with every match replaced.
   *
   * @throws IllegalArgumentException if the replacement is malformed
   * @throws IndexOutOfBoundsException if it names a group that the expression does not have
   */
  String all(Matcher matcher, String text) {
    PaidText result = new PaidText(evaluation);
    int copied = 0;
    while (matcher.find()) {
      evaluation.spend(1);
      if (matcher.start() == matcher.end() && Pairs.isWithin(text, matcher.start())) {
        continue; // the empty match between the two units of one character
      }
      result.append(text, copied, matcher.start());
      write(matcher, text, result);
      copied = matcher.end();
    }
    return copied == 0 && result.isEmpty()
        ? text
        : result.append(text, copied, text.length()).toString();
  }

  private void write(Matcher matcher, String text, PaidText result) {
    int plain = 0;
    int at = 0;
    while (at < template.length()) {
      char c = template.charAt(at);
      if (c != '\\' && c != '$') {
        at++;
        continue;
      }
      result.append(template, plain, at);
      evaluation.spend(1);
      if (c == '\\') {
        plain = at + 1;
        at = plain + 1;
        if (at > template.length()) {
          throw new IllegalArgumentException("the character behind the backslash is missing");
        }
      } else {
        at = group(matcher, text, at + 1, result);
        plain = at;
      }
    }
    evaluation.spend(template.length() >> 4);
    result.append(template, plain, template.length());
  }

  /** Writes the group that is named behind a dollar sign; returns where the name ends. */
  private int group(Matcher matcher, String text, int from, PaidText result) {
    if (from == template.length()) {
      throw new IllegalArgumentException("the group behind the dollar sign is missing");
    }
    int start;
    int end;
    int at = from;
    if (template.charAt(from) == '{') {
      at = template.indexOf('}', from);
      if (at < 0) {
        throw new IllegalArgumentException("the name of the group has no closing brace");
      }
      String name = template.substring(from + 1, at);
      start = matcher.start(name);
      end = matcher.end(name);
      at++;
    } else {
      int number = digit(from);
      if (number < 0) {
        throw new IllegalArgumentException("the group has neither a number nor a name in braces");
      }
      at++;
      // As many digits as make the number of a group that there is.
      while (digit(at) >= 0 && number * 10 + digit(at) <= matcher.groupCount()) {
        number = number * 10 + digit(at);
        at++;
      }
      start = matcher.start(number);
      end = matcher.end(number);
    }
    if (start >= 0) {
      result.append(text, start, end);
    }
    return at;
  }

  private int digit(int at) {
    char c = at < template.length() ? template.charAt(at) : ' ';
    return c >= '0' && c <= '9' ? c - '0' : -1;
  }
}
