package dev.gatehouse.actions.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** A URL that may be called as it is written. */
record HttpUrl(URI uri) {
  private static final int MAX_LENGTH = 2_000;
  private static final int HTTPS = 443;

  /**
   * Reads a URL.
   *
   * @param setting for errors
   * @throws IllegalArgumentException if it is no absolute https URL, or its path has dot segments
   */
  static HttpUrl parse(String setting, String text) {
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          setting + " has " + text.length() + " characters, at most " + MAX_LENGTH);
    }
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(setting + " is no URL: " + e.getMessage(), e);
    }
    boolean fits =
        "https".equalsIgnoreCase(uri.getScheme())
            && uri.getHost() != null
            && uri.getRawUserInfo() == null
            && uri.getRawFragment() == null;
    if (!fits) {
      throw new IllegalArgumentException(
          setting + " '" + text + "' is not https://HOST…, without user and fragment");
    }
    for (String segment : uri.getRawPath().split("/", -1)) {
      String plain = segment.toLowerCase(Locale.ROOT).replace("%2e", ".");
      if (plain.equals(".") || plain.equals("..")) {
        throw new IllegalArgumentException(
            setting + " '" + text + "' has the path segment '" + segment + "'");
      }
    }
    return new HttpUrl(uri);
  }

  private int port() {
    return uri.getPort() < 0 ? HTTPS : uri.getPort();
  }

  /**
   * Checks that this begins with another URL: the same host and port, and a path below it, segment
   * by segment.
   *
   * @throws IllegalArgumentException if it does not
   */
  void requireBelow(HttpUrl confirmation) {
    String path = uri.getRawPath();
    String start = confirmation.uri.getRawPath();
    boolean below =
        uri.getHost().equalsIgnoreCase(confirmation.uri.getHost())
            && port() == confirmation.port()
            && (path.equals(start) || path.startsWith(start.endsWith("/") ? start : start + "/"));
    if (!below) {
      throw new IllegalArgumentException(
          "url '" + uri + "' does not begin with confirmationUrl '" + confirmation.uri + "'");
    }
  }

  @Override
  public String toString() {
    return uri.toString();
  }
}
