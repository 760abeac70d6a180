package dev.gatehouse.rules.sql;

/**
 * Finds a text in another one. Every comparison is paid for, since both may come from the payload:
 * looking for {@code aa…ab} in {@code aa…a} takes the product of their lengths.
 */
final class Search {
  private final String text;
  private final String part;
  private final Evaluation evaluation;

  Search(String text, String part, Evaluation evaluation) {
    this.text = text;
    this.part = part;
    this.evaluation = evaluation;
  }

  /**
   * The first place from an index on; never within a pair of UTF-16 units.
   *
   * @return below zero if there is none
   */
  int next(int from) {
    if (part.isEmpty()) {
      return from <= text.length() ? from : -1;
    }
    int last = text.length() - part.length();
    int at = from;
    while (at <= last) {
      int found = text.indexOf(part.charAt(0), at);
      evaluation.spend((found < 0 ? text.length() - at : found - at) >> 4);
      if (found < 0 || found > last) {
        return -1;
      }
      if (matches(found)) {
        return found;
      }
      at = found + 1;
    }
    return -1;
  }

  private boolean matches(int at) {
    int same = 1;
    while (same < part.length() && text.charAt(at + same) == part.charAt(same)) {
      same++;
    }
    evaluation.spend(1 + (same >> 4));
    return same == part.length() && !Pairs.isWithin(text, at) && !Pairs.isWithin(text, at + same);
  }
}
