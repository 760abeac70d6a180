package dev.gatehouse.rules.sql;

/** Positions in texts whose characters beyond U+FFFF are pairs of UTF-16 units. */
final class Pairs {
  private Pairs() {}

  /** Whether a pair begins at an index. */
  static boolean isWhole(String text, int index) {
    return index + 1 < text.length()
        && Character.isSurrogatePair(text.charAt(index), text.charAt(index + 1));
  }

  /** Whether an index lies between the two units of a pair. */
  static boolean isWithin(String text, int index) {
    return index > 0 && index < text.length() && isWhole(text, index - 1);
  }

  /** The index behind the character at an index. */
  static int after(String text, int index) {
    return index + (isWhole(text, index) ? 2 : 1);
  }

  /** The index of the n-th character; the text's end if there are fewer. */
  static int offset(String text, int characters) {
    int index = 0;
    for (int n = 0; n < characters && index < text.length(); n++) {
      index = after(text, index);
    }
    return index;
  }
}
