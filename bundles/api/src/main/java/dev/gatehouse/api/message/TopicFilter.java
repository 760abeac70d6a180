package dev.gatehouse.api.message;

/** What a subscription asks for: levels, {@code +} for one, a final {@code #} for the rest. */
public record TopicFilter(String value) implements Comparable<TopicFilter> {
  private static final String SHARE = "$share/";

  /**
   * Validates [MQTT-4.7.1-1, MQTT-4.7.1-2, MQTT-4.8.2-1, MQTT-4.8.2-2].
   *
   * @throws IllegalArgumentException if empty, too long, or with a misplaced wildcard
   */
  public TopicFilter {
    Topics.requireWellFormed("topic filter", value);
    requireShare(value);
    int last = value.length() - 1;
    for (int i = 0; i <= last; i++) {
      char c = value.charAt(i);
      if (c != '#' && c != '+') {
        continue;
      }
      boolean startsLevel = i == 0 || value.charAt(i - 1) == '/';
      boolean endsLevel = i == last || value.charAt(i + 1) == '/';
      if (!startsLevel || !endsLevel || (c == '#' && i != last)) {
        throw new IllegalArgumentException(
            "topic filter '"
                + value
                + "': "
                + c
                + " at index "
                + i
                + (c == '#' ? " must be a whole last level" : " must be a whole level"));
      }
    }
  }

  /**
   * Whether a topic matches. {@code a/#} matches {@code a}; a filter that begins with a wildcard
   * does not match a topic that begins with {@code $} [MQTT-4.7.2-1].
   */
  public boolean matches(TopicName topic) {
    String name = topic.value();
    if (name.charAt(0) == '$' && (value.charAt(0) == '+' || value.charAt(0) == '#')) {
      return false;
    }
    int f = 0;
    int n = 0;
    while (f < value.length()) {
      char c = value.charAt(f);
      if (c == '#') {
        return true;
      }
      if (c == '+') {
        while (n < name.length() && name.charAt(n) != '/') {
          n++;
        }
        f++;
      } else if (n < name.length() && name.charAt(n) == c) {
        f++;
        n++;
      } else {
        // "a/#" also matches its parent "a"
        return n == name.length() && value.startsWith("/#", f) && f + 2 == value.length();
      }
    }
    return n == name.length();
  }

  private static void requireShare(String value) {
    if (!value.startsWith(SHARE)) {
      return;
    }
    int name = value.indexOf('/', SHARE.length());
    if (name <= SHARE.length()
        || name == value.length() - 1
        || value.substring(SHARE.length(), name).matches(".*[+#].*")) {
      throw new IllegalArgumentException(
          "topic filter '" + value + "': a shared one is $share/NAME/FILTER, NAME without + and #");
    }
  }

  /** True of the form {@code $share/NAME/FILTER}: subscribers with one NAME share the messages. */
  public boolean shared() {
    return value.startsWith(SHARE);
  }

  /** The FILTER of a shared one, itself otherwise: what it matches, and what policies speak of. */
  public TopicFilter unshared() {
    return shared()
        ? new TopicFilter(value.substring(value.indexOf('/', SHARE.length()) + 1))
        : this;
  }

  /** True if the filter holds a wildcard. */
  public boolean wildcard() {
    return value.indexOf('#') >= 0 || value.indexOf('+') >= 0;
  }

  @Override
  public int compareTo(TopicFilter other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
