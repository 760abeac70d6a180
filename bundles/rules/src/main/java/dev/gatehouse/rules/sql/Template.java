package dev.gatehouse.rules.sql;

import java.util.ArrayList;
import java.util.List;

/**
 * A text with <code>${expression}</code> in it (guide: Substitution Templates). {@code $$} stands
 * for {@code $}; Undefined for no text.
 */
public final class Template {
  private final List<Expression> parts;

  private Template(List<Expression> parts) {
    this.parts = parts;
  }

  static Template compile(String text, StatementCompiler compiler, boolean errorAction)
      throws SqlSyntaxException {
    List<Expression> parts = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      if (text.startsWith("$$", at)) {
        literal.append('$');
        at += 2;
      } else if (text.startsWith("${", at)) {
        int end = end(text, at + 2);
        addLiteral(parts, literal);
        parts.add(expression(text, at + 2, end, compiler, errorAction));
        at = end + 1;
      } else {
        literal.append(text.charAt(at));
        at++;
      }
    }
    addLiteral(parts, literal);
    return new Template(List.copyOf(parts));
  }

  /** An expression whose errors are told by their place in the whole text. */
  private static Expression expression(
      String text, int from, int end, StatementCompiler compiler, boolean errorAction)
      throws SqlSyntaxException {
    try {
      return compiler.expression(text.substring(from, end), errorAction);
    } catch (SqlSyntaxException e) {
      throw new SqlSyntaxException(text, from + e.position(), e.problem());
    }
  }

  private static void addLiteral(List<Expression> parts, StringBuilder literal) {
    if (literal.length() > 0) {
      parts.add(new Expression.Literal(new Value.Text(literal.toString())));
      literal.setLength(0);
    }
  }

  /** Where the brace closes, not counting those in strings and object literals. */
  private static int end(String text, int from) throws SqlSyntaxException {
    int open = 1;
    char quote = 0;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '{') {
        open++;
      } else if (c == '}') {
        open--;
        if (open == 0) {
          return i;
        }
      }
    }
    throw new SqlSyntaxException(text, from - 2, "the template is not closed, expected }");
  }

  /** The text for a message. */
  public String render(Evaluation evaluation) {
    PaidText out = new PaidText(evaluation);
    for (Expression part : parts) {
      evaluation.spend(1);
      Value value = part.evaluate(evaluation);
      String text = value instanceof Value.Text of ? of.value() : Json.text(value, evaluation);
      out.append(text, 0, text.length());
    }
    return out.toString();
  }
}
