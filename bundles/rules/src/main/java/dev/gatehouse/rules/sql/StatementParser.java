package dev.gatehouse.rules.sql;

import dev.gatehouse.rules.sql.Lexer.Kind;
import dev.gatehouse.rules.sql.Lexer.Token;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code [SET …] SELECT … [FROM …] [WHERE …]}. */
final class StatementParser extends ExpressionParser {
  private static final int MAX_VARIABLES = 10;

  StatementParser(String sql, SqlVersion version, ExternalFunctions external)
      throws SqlSyntaxException {
    super(sql, version, external);
  }

  Statement statement(SqlVersion version) throws SqlSyntaxException {
    List<Expression> sets = skipWord("SET") ? sets() : List.of();
    expectWord("SELECT");
    Selection selection = selection();
    String from = skipWord("FROM") ? from() : null;
    Expression where = skipWord("WHERE") ? expression() : null;
    if (peek().kind() != Kind.END) {
      throw expected(where == null ? (from == null ? "FROM" : "WHERE or the end") : "the end");
    }
    return new Statement(this, version, sets, selection, from, where);
  }

  Expression lone() throws SqlSyntaxException {
    if (peek().symbol("*") && peekSecond().kind() == Kind.END) {
      wholePayload = true;
      return new Expression.Star();
    }
    Expression expression = expression();
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
      values.add(expression());
      if (variables.putIfAbsent(name.text(), values.size() - 1) != null) {
        throw error(name, "variable @" + name.text() + " is SET twice");
      }
    } while (skip(","));
    return List.copyOf(values);
  }

  private @Nullable String from() throws SqlSyntaxException {
    if (peek().kind() == Kind.STRING) {
      return take().text();
    }
    if (peek().word("mqtt") && peekSecond().symbol("(")) {
      take();
      take();
      String filter = expect(Kind.STRING, "a quoted topic filter").text();
      expect(")");
      return filter;
    }
    Token last = peek();
    if (last.kind() != Kind.WORD && !last.symbol("$") && !last.symbol("+") && !last.symbol("#")) {
      throw expected("a quoted topic filter");
    }
    StringBuilder filter = new StringBuilder();
    do {
      last = take();
      filter.append(last.text());
    } while (peek().start() == last.end()
        && peek().kind() != Kind.END
        && peek().kind() != Kind.STRING);
    return filter.toString();
  }
}
