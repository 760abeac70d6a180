package dev.gatehouse.rules.sql;

/**
 * Cuts a text into tokens, one when it is asked for: all of a long statement's at once would take a
 * hundred times its length.
 */
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
  private int at;

  Lexer(String sql) {
    this.sql = sql;
  }

  /** The next token; at the end of the text one of the kind END, again and again. */
  Token next() throws SqlSyntaxException {
    while (at < sql.length() && Character.isWhitespace(sql.charAt(at))) {
      at++;
    }
    if (at == sql.length()) {
      return new Token(Kind.END, "", at, at);
    }
    char c = sql.charAt(at);
    if (c == '\'' || c == '"') {
      return string(c);
    } else if (c >= '0' && c <= '9') {
      return number();
    } else if (wordPart(c)) {
      return token(Kind.WORD, at, wordEnd(at));
    } else if (c == '@' && wordEnd(at + 1) > at + 1) {
      return token(Kind.VARIABLE, at + 1, wordEnd(at + 1));
    }
    return symbol();
  }

  private Token symbol() throws SqlSyntaxException {
    String two = sql.substring(at, Math.min(at + 2, sql.length()));
    if (two.equals("<>") || two.equals("<=") || two.equals(">=")) {
      return token(Kind.SYMBOL, at, at + 2);
    }
    if ("*,().=<>+-/%[]{}:#$".indexOf(sql.charAt(at)) >= 0) {
      return token(Kind.SYMBOL, at, at + 1);
    }
    throw new SqlSyntaxException(sql, at, "unexpected character '" + sql.charAt(at) + "'");
  }

  private Token string(char quote) throws SqlSyntaxException {
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
        Token token = new Token(Kind.STRING, text.toString(), at, i + 1);
        at = i + 1;
        return token;
      }
    }
    throw new SqlSyntaxException(sql, at, "the string is not closed, expected " + quote);
  }

  private Token number() {
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
    return token(Kind.NUMBER, at, end);
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

  private Token token(Kind kind, int from, int to) {
    Token token = new Token(kind, sql.substring(from, to), at, to);
    at = to;
    return token;
  }
}
