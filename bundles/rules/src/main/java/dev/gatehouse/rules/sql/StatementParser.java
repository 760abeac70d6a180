package dev.gatehouse.rules.sql;

import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.rules.sql.Lexer.Kind;
import dev.gatehouse.rules.sql.Lexer.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code [SET …] SELECT … [FROM …] [WHERE …]}. */
final class StatementParser extends ExpressionParser {
  private static final int MAX_VARIABLES = 10;
  private static final Set<String> FILTER_STARTS = Set.of("$", "+", "#");
  private static final Set<String> UNSUPPORTED =
      Set.of("BETWEEN", "GROUP", "HAVING", "IS", "JOIN", "LIKE", "LIMIT", "ORDER");

  StatementParser(String sql, SqlVersion version, ExternalFunctions external, RootNames names)
      throws SqlSyntaxException {
    super(sql, version, external, names);
  }

  /** What a statement consists of. */
  record Parts(
      List<Expression> sets,
      Selection selection,
      @Nullable TopicFilter from,
      @Nullable Expression where) {}

  Parts statement() throws SqlSyntaxException {
    List<Expression> sets = skipWord("SET") ? sets() : List.of();
    expectWord("SELECT");
    Selection selection = selection();
    TopicFilter from = skipWord("FROM") ? from() : null;
    Expression where = skipWord("WHERE") ? whole() : null;
    if (peek().kind() != Kind.END) {
      String after = where == null ? (from == null ? "FROM" : "WHERE or the end") : "the end";
      throw UNSUPPORTED.contains(peek().text().toUpperCase(Locale.ROOT))
          ? error(peek(), "expected " + after + "; " + peek() + " is not a part of this SQL")
          : expected(after);
    }
    return new Parts(sets, selection, from, where);
  }

  Expression lone() throws SqlSyntaxException {
    if (peek().symbol("*") && peekSecond().kind() == Kind.END) {
      wholePayload = true;
      return new Expression.Star(false);
    }
    Expression expression = whole();
    if (peek().kind() != Kind.END) {
      throw expected("} after the expression");
    }
    return expression;
  }

  private List<Expression> sets() throws SqlSyntaxException {
    List<Expression> values = new ArrayList<>();
    do {
      Token name = expect(Kind.VARIABLE, "@name");
      if (name.text().length() > 64 || values.size() == MAX_VARIABLES) {
        throw error(name, "at most " + MAX_VARIABLES + " variables of 64 characters");
      }
      expect("=");
      values.add(whole());
      if (variables.putIfAbsent(name.text(), values.size() - 1) != null) {
        throw error(name, "variable @" + name.text() + " is SET twice");
      }
    } while (skip(","));
    return List.copyOf(values);
  }

  private TopicFilter from() throws SqlSyntaxException {
    if (peek().kind() == Kind.STRING) {
      return filter(peek(), take().text());
    }
    if (peek().word("mqtt") && peekSecond().symbol("(")) {
      take();
      take();
      Token quoted = expect(Kind.STRING, "a quoted topic filter");
      expect(")");
      return filter(quoted, quoted.text());
    }
    Token first = peek();
    if (first.kind() != Kind.WORD && !FILTER_STARTS.contains(first.text())) {
      throw expected("a quoted topic filter");
    }
    StringBuilder filter = new StringBuilder();
    Token last;
    do {
      last = take();
      filter.append(last.text());
    } while (peek().start() == last.end()
        && peek().kind() != Kind.END
        && peek().kind() != Kind.STRING);
    return filter(first, filter.toString());
  }

  private TopicFilter filter(Token where, String text) throws SqlSyntaxException {
    TopicFilter filter;
    try {
      filter = new TopicFilter(text);
    } catch (IllegalArgumentException e) {
      throw error(where, "expected a topic filter: " + e.getMessage());
    }
    if (filter.shared()) {
      throw error(where, "expected a topic filter without $share, found '" + text + "'");
    }
    return filter;
  }
}
