package dev.gatehouse.actions.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.gatehouse.api.rules.action.ActionSettings;
import dev.gatehouse.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The setting {@code headers}, which must not change how the request is framed or where it goes.
 */
final class Headers {
  static final String CONTENT_TYPE = "content-type";
  private static final int MOST = 100;
  private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}");
  private static final Pattern VALUE = Pattern.compile("[\\t -~]*");
  private static final Set<String> RESERVED =
      Set.of(
          "connection",
          "content-length",
          "expect",
          "host",
          "keep-alive",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private Headers() {}

  /**
   * Checks what is known at rule creation.
   *
   * @throws IllegalArgumentException naming the header that may not be set
   */
  static void validate(List<ActionSettings> pairs) {
    if (pairs.size() > MOST) {
      throw new IllegalArgumentException(
          "headers has " + pairs.size() + " entries, at most " + MOST + " are allowed");
    }
    for (ActionSettings pair : pairs) {
      String name = pair.require("key");
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "header '" + name + "' is no name of 1 to 256 characters of an HTTP token");
      }
      if (RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException("header '" + name + "' may not be set by a rule");
      }
    }
  }

  /**
   * The headers of one request, by lower-case name; of two of a name the last counts. Without a
   * content type the payload's form decides.
   *
   * @throws IllegalArgumentException if a value is not printable ASCII
   */
  static Map<String, String> of(List<ActionSettings> pairs, byte[] payload) {
    validate(pairs);
    Map<String, String> headers = new LinkedHashMap<>();
    for (ActionSettings pair : pairs) {
      String value = pair.require("value");
      if (!VALUE.matcher(value).matches()) {
        throw new IllegalArgumentException(
            "the value of header '" + pair.require("key") + "' is not printable ASCII");
      }
      headers.put(pair.require("key").toLowerCase(Locale.ROOT), value);
    }
    headers.computeIfAbsent(CONTENT_TYPE, name -> typeOf(payload));
    return headers;
  }

  private static String typeOf(byte[] payload) {
    try {
      Json.parse(payload);
      return "application/json";
    } catch (JsonProcessingException e) {
      return "application/octet-stream";
    }
  }
}
