package dev.gatehouse.rules.sql;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/** A place in a JSON text, and the tokens from there. */
final class JsonScanner {
  /** The bytes are not JSON; says no more, since nobody asks. */
  static final class NotJson extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings(
        "StaticAssignmentOfThrowable") // has no trace; payloads that are not JSON abound
    static final NotJson ERROR = new NotJson();

    private NotJson() {
      super("not JSON", null, false, false);
    }
  }

  /** Longer numbers take quadratic time, and nobody needs them. */
  private static final int MAX_NUMBER = 1_000;

  private static final int MAX_LONG_DIGITS = 18;
  private static final long[] POWERS = powers();

  private final byte[] in;
  private int at;

  JsonScanner(byte[] in) {
    this.in = in;
  }

  private static long[] powers() {
    long[] powers = new long[MAX_LONG_DIGITS + 1];
    powers[0] = 1;
    for (int i = 1; i < powers.length; i++) {
      powers[i] = powers[i - 1] * 10;
    }
    return powers;
  }

  byte[] bytes() {
    return in;
  }

  void require(boolean condition) {
    if (!condition) {
      throw NotJson.ERROR;
    }
  }

  private int byteAt(int index) {
    return index < in.length ? in[index] : -1;
  }

  /** The next byte that is no blank, which stays; fails at the end. */
  int peek() {
    while (at < in.length) {
      int c = in[at];
      if (c > ' ' || c < 0) {
        return c;
      }
      require(c == ' ' || c == '\n' || c == '\t' || c == '\r');
      at++;
    }
    throw NotJson.ERROR;
  }

  void take() {
    at++;
  }

  int next() {
    int c = peek();
    at++;
    return c;
  }

  void expect(int c) {
    require(next() == c);
  }

  boolean atEnd() {
    while (at < in.length
        && (in[at] == ' ' || in[at] == '\n' || in[at] == '\t' || in[at] == '\r')) {
      at++;
    }
    return at == in.length;
  }

  void literal(String word) {
    require(in.length - at >= word.length());
    for (int i = 0; i < word.length(); i++) {
      require(in[at + i] == word.charAt(i));
    }
    at += word.length();
  }

  /** Where the characters of the string begin that comes next. */
  int stringStart() {
    expect('"');
    return at;
  }

  /** Reads a string of plain ASCII and says where it ends; below zero, and stays, if it is not. */
  int plainStringEnd(int from) {
    int i = from;
    while (i < in.length) {
      int c = in[i];
      if (c == '"') {
        at = i + 1;
        return i;
      }
      if (c < ' ' || c == '\\') {
        return -1; // also what is no ASCII
      }
      i++;
    }
    throw NotJson.ERROR;
  }

  /** The string of plain ASCII between two places. */
  @SuppressWarnings("deprecation") // the constructor that copies bytes, since they are ASCII
  String plain(int from, int to) {
    return new String(in, 0, from, to - from);
  }

  /** How many bytes the string that begins here has at most; the place stays. */
  int stringLength(int from) {
    int i = from;
    while (i < in.length && in[i] != '"') {
      i += in[i] == '\\' ? 2 : 1;
    }
    return i - from;
  }

  /** Reads a string of any characters from its first one on. */
  String decoded(int from) {
    StringBuilder text = new StringBuilder();
    int copied = from;
    at = from;
    int c = character();
    while (c != '"') {
      if (c == '\\') {
        text.append(new String(in, copied, at - copied, StandardCharsets.UTF_8));
        text.append(escape());
        copied = at;
      } else {
        at++;
        skipContinuation(c);
      }
      c = character();
    }
    text.append(new String(in, copied, at - copied, StandardCharsets.UTF_8));
    at++;
    return text.toString();
  }

  void skipString() {
    int from = stringStart();
    if (plainStringEnd(from) >= 0) {
      return;
    }
    at = from;
    int c = character();
    while (c != '"') {
      if (c == '\\') {
        escape();
      } else {
        at++;
        skipContinuation(c);
      }
      c = character();
    }
    at++;
  }

  private int character() {
    require(at < in.length);
    int c = in[at];
    require(c < 0 || c >= ' ');
    return c;
  }

  /** Of a byte that begins a character of UTF-8: no overlong forms, no surrogates. */
  private void skipContinuation(int first) {
    if (first >= 0) {
      return;
    }
    int lead = first & 0xFF;
    int second = byteAt(at) & 0xFF;
    if (lead >= 0xC2 && lead <= 0xDF) {
      continuation(1);
    } else if (lead >= 0xE0 && lead <= 0xEF) {
      require(lead != 0xE0 || second >= 0xA0);
      require(lead != 0xED || second <= 0x9F);
      continuation(2);
    } else {
      require(lead >= 0xF0 && lead <= 0xF4);
      require(lead != 0xF0 || second >= 0x90);
      require(lead != 0xF4 || second <= 0x8F);
      continuation(3);
    }
  }

  private void continuation(int count) {
    for (int i = 0; i < count; i++) {
      require(at < in.length && (in[at] & 0xC0) == 0x80);
      at++;
    }
  }

  private char escape() {
    int c = byteAt(at + 1);
    at += 2;
    switch (c) {
      case '"', '\\', '/':
        return (char) c;
      case 'b':
        return '\b';
      case 'f':
        return '\f';
      case 'n':
        return '\n';
      case 'r':
        return '\r';
      case 't':
        return '\t';
      default:
        require(c == 'u');
        int code = 0;
        for (int i = 0; i < 4; i++) {
          int digit = Character.digit(byteAt(at), 16);
          require(digit >= 0);
          code = code * 16 + digit;
          at++;
        }
        return (char) code;
    }
  }

  /** A number, without a detour over its text if it has up to 18 digits. */
  Value number(boolean wholeAsInt) {
    int start = at;
    boolean negative = byteAt(at) == '-';
    int from = negative ? at + 1 : at;
    at = from;
    long unscaled = integerPart();
    int scale = 0;
    boolean integer = true;
    if (byteAt(at) == '.') {
      integer = false;
      int point = at++;
      unscaled = digits(unscaled);
      scale = at - point - 1;
      require(scale > 0);
    }
    int digits = at - from - (integer ? 0 : 1);
    int e = byteAt(at);
    if (e == 'e' || e == 'E' || digits > MAX_LONG_DIGITS) {
      return longNumber(start, integer, wholeAsInt);
    }
    long value = negative ? -unscaled : unscaled;
    if (integer) {
      return new Value.Int(value);
    }
    return wholeAsInt && value % POWERS[scale] == 0
        ? new Value.Int(value / POWERS[scale])
        : new Value.Decimal(BigDecimal.valueOf(value, scale));
  }

  /** Digits, of which the first is 0 only if it is the only one. */
  private long integerPart() {
    int from = at;
    long value = digits(0);
    require(at > from && (in[from] != '0' || at == from + 1));
    return value;
  }

  private long digits(long before) {
    long value = before;
    while (at < in.length && in[at] >= '0' && in[at] <= '9') {
      value = value * 10 + in[at] - '0';
      at++;
    }
    return value;
  }

  private Value longNumber(int start, boolean integer, boolean wholeAsInt) {
    boolean exponent = skipExponent();
    require(at - start <= MAX_NUMBER);
    String text = new String(in, start, at - start, StandardCharsets.US_ASCII);
    if (integer && !exponent) {
      return Numbers.integer(new BigInteger(text));
    }
    BigDecimal decimal;
    try {
      decimal = new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw NotJson.ERROR; // an exponent beyond all bounds
    }
    Value number = Numbers.written(decimal);
    return wholeAsInt ? Numbers.wholeAsInt(number) : number;
  }

  private boolean skipExponent() {
    int e = byteAt(at);
    if (e != 'e' && e != 'E') {
      return false;
    }
    at++;
    int sign = byteAt(at);
    at += sign == '+' || sign == '-' ? 1 : 0;
    int from = at;
    digits(0);
    require(at > from);
    return true;
  }

  void skipNumber() {
    int start = at;
    at += byteAt(at) == '-' ? 1 : 0;
    integerPart();
    if (byteAt(at) == '.') {
      int point = at++;
      digits(0);
      require(at > point + 1);
    }
    skipExponent();
    require(at - start <= MAX_NUMBER);
  }
}
