package dev.gatehouse.rules.sql;

import java.util.ArrayList;
import java.util.List;

/** Cuts a text into tokens. */
final class Lexer {
  /** What a token is. */
  enum Kind {
    WORD,
    NUMBER,
    STRING,
    VARIABLE,
    SYMBOL,
    END
  }

  /**
   * One token.
   *
   * @param text the word, the digits, the string without quotes, the variable without {@code @}
   * @param end where the next may begin
   */
  record Token(Kind kind, String text, int start, int end) {
    boolean word(String keyword) {
      return kind == Kind.WORD && text.equalsIgnoreCase(keyword);
    }

    boolean symbol(String symbol) {
      return kind == Kind.SYMBOL && text.equals(symbol);
    }

    @Override
    public String toString() {
      return kind == Kind.END ? "the end" : "'" + text + "'";
    }
  }

  private final String sql;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  private Lexer(String sql) {
    this.sql = sql;
  }

  static List<Token> tokens(String sql) throws SqlSyntaxException {
    Lexer lexer = new Lexer(sql);
    while (lexer.next()) {
      // each call adds a token
    }
    return lexer.tokens;
  }

  private boolean next() throws SqlSyntaxException {
    while (at < sql.length() && Character.isWhitespace(sql.charAt(at))) {
      at++;
    }
    if (at == sql.length()) {
      tokens.add(new Token(Kind.END, "", at, at));
      return false;
    }
    char c = sql.charAt(at);
    if (c == '\'' || c == '"') {
      string(c);
    } else if (c >= '0' && c <= '9') {
      number();
    } else if (wordPart(c)) {
      add(Kind.WORD, at, wordEnd(at));
    } else if (c == '@' && wordEnd(at + 1) > at + 1) {
      add(Kind.VARIABLE, at + 1, wordEnd(at + 1));
    } else {
      symbol();
    }
    return true;
  }

  private void symbol() throws SqlSyntaxException {
    String two = sql.substring(at, Math.min(at + 2, sql.length()));
    if (two.equals("<>") || two.equals("<=") || two.equals(">=")) {
      add(Kind.SYMBOL, at, at + 2);
    } else if ("*,().=<>+-/%[]{}:#$".indexOf(sql.charAt(at)) >= 0) {
      add(Kind.SYMBOL, at, at + 1);
    } else {
      throw new SqlSyntaxException(sql, at, "unexpected character '" + sql.charAt(at) + "'");
    }
  }

  private void string(char quote) throws SqlSyntaxException {
    StringBuilder text = new StringBuilder();
    int i = at + 1;
    while (i < sql.length()) {
      char c = sql.charAt(i);
      if (c != quote) {
        text.append(c);
        i++;
      } else if (i + 1 < sql.length() && sql.charAt(i + 1) == quote) {
        text.append(quote);
        i += 2;
      } else {
        tokens.add(new Token(Kind.STRING, text.toString(), at, i + 1));
        at = i + 1;
        return;
      }
    }
    throw new SqlSyntaxException(sql, at, "the string is not closed, expected " + quote);
  }

  private void number() {
    int end = digits(at);
    if (end + 1 < sql.length() && sql.charAt(end) == '.' && digits(end + 1) > end + 1) {
      end = digits(end + 1);
    }
    if (end < sql.length() && (sql.charAt(end) == 'e' || sql.charAt(end) == 'E')) {
      int sign = end + 1 < sql.length() && sql.charAt(end + 1) == '-' ? end + 2 : end + 1;
      if (digits(sign) > sign) {
        end = digits(sign);
      }
    }
    add(Kind.NUMBER, at, end);
  }

  private int digits(int from) {
    int i = from;
    while (i < sql.length() && sql.charAt(i) >= '0' && sql.charAt(i) <= '9') {
      i++;
    }
    return i;
  }

  private int wordEnd(int from) {
    int i = from;
    while (i < sql.length() && wordPart(sql.charAt(i))) {
      i++;
    }
    return i;
  }

  private static boolean wordPart(char c) {
    return c == '_' || Character.isLetterOrDigit(c);
  }

  private void add(Kind kind, int from, int to) {
    tokens.add(new Token(kind, sql.substring(from, to), at, to));
    at = to;
  }
}
