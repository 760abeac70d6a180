package dev.gatehouse.identity.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A text of a policy with {@code *}, {@code ?} and {@code ${variables}}. A variable's value is a
 * literal: one that holds what could be taken for a wildcard or a topic separator's relative does
 * not match where rights are given, and matches anything where they are taken.
 */
final class Pattern {
  private final List<Object> parts; // String literals, Wildcard, Variable
  private final boolean ignoreCase;
  private final int @Nullable [] fixed; // compiled, if there is no variable

  private enum Wildcard {
    ANY,
    ONE
  }

  private record Variable(String name) {}

  private Pattern(List<Object> parts, boolean ignoreCase) {
    this.parts = List.copyOf(parts);
    this.ignoreCase = ignoreCase;
    this.fixed = parts.stream().anyMatch(Variable.class::isInstance) ? null : compile(name -> null);
  }

  /**
   * Parses.
   *
   * @param wildcards whether {@code *} and {@code ?} stand for others
   * @param variables whether {@code ${…}} is replaced (only in policies of version 2012-10-17)
   */
  static Pattern parse(String text, boolean wildcards, boolean variables, boolean ignoreCase)
      throws MalformedPolicy {
    List<Object> parts = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (wildcards && (c == '*' || c == '?')) {
        flush(literal, parts);
        parts.add(c == '*' ? Wildcard.ANY : Wildcard.ONE);
      } else if (variables && text.startsWith("${", i)) {
        int end = text.indexOf('}', i);
        if (end < 0) {
          throw new MalformedPolicy("'" + text + "': the ${ at index " + i + " is not closed by }");
        }
        String name = text.substring(i + 2, end);
        if (name.equals("*") || name.equals("?") || name.equals("$")) {
          literal.append(name);
        } else {
          flush(literal, parts);
          parts.add(new Variable(name));
        }
        i = end;
      } else {
        literal.append(c);
      }
    }
    flush(literal, parts);
    return new Pattern(parts, ignoreCase);
  }

  private static void flush(StringBuilder literal, List<Object> parts) {
    if (!literal.isEmpty()) {
      parts.add(literal.toString());
      literal.setLength(0);
    }
  }

  /** The names of its variables. */
  Stream<String> variables() {
    return parts.stream().filter(Variable.class::isInstance).map(part -> ((Variable) part).name());
  }

  /**
   * Whether a text matches.
   *
   * @param denying whether a match takes rights: then what cannot be decided matches
   */
  boolean matches(String text, Values variables, boolean denying) {
    int[] pattern = fixed != null ? fixed : compile(variables);
    return pattern == null
        ? denying
        : Glob.matches(pattern, ignoreCase ? lower(text) : text, denying);
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** Characters and wildcards; null if a variable is absent or its value is not to be trusted. */
  private int @Nullable [] compile(Values variables) {
    StringBuilder literals = new StringBuilder();
    List<Integer> wildcards = new ArrayList<>();
    for (Object part : parts) {
      String literal;
      if (part instanceof Wildcard wildcard) {
        wildcards.add(literals.length());
        literals.append(wildcard == Wildcard.ANY ? '*' : '?');
        continue;
      } else if (part instanceof Variable variable) {
        literal = variables.one(variable.name());
        if (literal == null || unsafe(literal)) {
          return null;
        }
      } else {
        literal = (String) part;
      }
      literals.append(ignoreCase ? lower(literal) : literal);
    }
    int[] compiled = literals.chars().toArray();
    wildcards.forEach(at -> compiled[at] = compiled[at] == '*' ? Glob.ANY : Glob.ONE);
    return compiled;
  }

  private static boolean unsafe(String value) {
    if (value.isEmpty()) {
      return true;
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < 0x20 || c == 0x7f || "*#+?/$".indexOf(c) >= 0) {
        return true;
      }
    }
    return false;
  }
}
