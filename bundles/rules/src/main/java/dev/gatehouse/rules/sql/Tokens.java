package dev.gatehouse.rules.sql;

import dev.gatehouse.rules.sql.Lexer.Kind;
import dev.gatehouse.rules.sql.Lexer.Token;
import java.util.List;

/** A reader's place in the tokens of a text. */
class Tokens {
  private final String sql;
  private final List<Token> tokens;
  private int at;

  Tokens(String sql) throws SqlSyntaxException {
    this.sql = sql;
    this.tokens = Lexer.tokens(sql);
  }

  final Token peek() {
    return tokens.get(at);
  }

  final Token peekSecond() {
    return tokens.get(Math.min(at + 1, tokens.size() - 1));
  }

  final Token take() {
    Token token = tokens.get(at);
    if (token.kind() != Kind.END) {
      at++;
    }
    return token;
  }

  final boolean skipWord(String keyword) {
    boolean matches = peek().word(keyword);
    if (matches) {
      take();
    }
    return matches;
  }

  final boolean skip(String symbol) {
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
