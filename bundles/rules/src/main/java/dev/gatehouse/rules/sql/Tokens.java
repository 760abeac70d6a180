package dev.gatehouse.rules.sql;

import dev.gatehouse.rules.sql.Lexer.Kind;
import dev.gatehouse.rules.sql.Lexer.Token;

/** A reader's place in the tokens of a text. */
class Tokens {
  private final String sql;
  private final Lexer lexer;
  private Token first;
  private Token second;

  Tokens(String sql) throws SqlSyntaxException {
    this.sql = sql;
    this.lexer = new Lexer(sql);
    this.first = lexer.next();
    this.second = lexer.next();
  }

  final Token peek() {
    return first;
  }

  final Token peekSecond() {
    return second;
  }

  final Token take() throws SqlSyntaxException {
    Token token = first;
    first = second;
    second = lexer.next();
    return token;
  }

  final boolean skipWord(String keyword) throws SqlSyntaxException {
    boolean matches = peek().word(keyword);
    if (matches) {
      take();
    }
    return matches;
  }

  final boolean skip(String symbol) throws SqlSyntaxException {
    boolean matches = peek().symbol(symbol);
    if (matches) {
      take();
    }
    return matches;
  }

  final void expectWord(String keyword) throws SqlSyntaxException {
    if (!skipWord(keyword)) {
      throw expected(keyword);
    }
  }

  final void expect(String symbol) throws SqlSyntaxException {
    if (!skip(symbol)) {
      throw expected("'" + symbol + "'");
    }
  }

  final Token expect(Kind kind, String what) throws SqlSyntaxException {
    if (peek().kind() != kind) {
      throw expected(what);
    }
    return take();
  }

  final SqlSyntaxException expected(String what) {
    return error(peek(), "expected " + what + ", found " + peek());
  }

  final SqlSyntaxException error(Token where, String problem) {
    return new SqlSyntaxException(sql, where.start(), problem);
  }
}
