package dev.gatehouse.identity.policy;

/** Matches a text against characters and wildcards, with a bound on the time that it takes. */
final class Glob {
  /** Stands for any number of characters. */
  static final int ANY = -1;

  /** Stands for one character. */
  static final int ONE = -2;

  /**
   * Comparisons for one text. A pattern of 1,700 times {@code a} after a {@code *} would need 100
   * million for a topic of 65,000 times {@code a}, on the thread that serves other clients too.
   */
  static final int MAX_STEPS = 1_000_000;

  private Glob() {}

  /**
   * Greedy with one point of return, no recursion.
   *
   * @param undecided the answer if it takes more than {@link #MAX_STEPS} to find out
   */
  static boolean matches(int[] pattern, String text, boolean undecided) {
    int p = 0;
    int t = 0;
    int star = -1;
    int resume = 0;
    int steps = 0;
    while (t < text.length()) {
      if (p < pattern.length && (pattern[p] == ONE || pattern[p] == text.charAt(t))) {
        p++;
        t++;
      } else if (p < pattern.length && pattern[p] == ANY) {
        star = p++;
        resume = t;
      } else if (star >= 0) {
        steps += p - star;
        if (steps > MAX_STEPS) {
          return undecided;
        }
        p = star + 1;
        t = ++resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length && pattern[p] == ANY) {
      p++;
    }
    return p == pattern.length;
  }
}
