package dev.gatehouse.api.telemetry;

/** Texts of strangers as a log may show them. */
public final class LogText {
  private LogText() {}

  /**
   * A text in which each character that does something to a terminal or to a line is written as an
   * escape, a backslash, {@code u} and four hexadecimal digits: control characters, and those that
   * change the direction or the look of what follows (Unicode general categories Cc, Cf, Zl, Zp),
   * and halves of pairs.
   */
  public static String printable(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!plain(text, i)) {
        return escaped(text, i);
      }
    }
    return text;
  }

  /** The message of an exception, as {@link #printable}. */
  public static String printable(Throwable failure) {
    return printable(String.valueOf(failure.getMessage()));
  }

  private static String escaped(String text, int from) {
    StringBuilder escaped = new StringBuilder(text.length() + 16).append(text, 0, from);
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (plain(text, i)) {
        escaped.append(c);
      } else {
        escaped.append("\\u").append("%04x".formatted((int) c));
      }
    }
    return escaped.toString();
  }

  private static boolean plain(String text, int index) {
    char c = text.charAt(index);
    if (c < 0x7f) {
      return c >= 0x20;
    }
    if (Character.isHighSurrogate(c)) {
      return index + 1 < text.length() && Character.isLowSurrogate(text.charAt(index + 1));
    }
    if (Character.isLowSurrogate(c)) {
      return index > 0 && Character.isHighSurrogate(text.charAt(index - 1));
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
