package dev.gatehouse.http;

import dev.gatehouse.http.sigv4.QueryString;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A path, without its query keys, with {@code {names}} for segments, and perhaps a last {@code
 * {name+}} for the rest.
 */
record PathTemplate(List<String> segments) {

  static PathTemplate of(String template) {
    int question = template.indexOf('?');
    String path = question < 0 ? template : template.substring(0, question);
    return new PathTemplate(List.of(path.substring(1).split("/", -1)));
  }

  /** The decoded parameters if a raw path matches, else null. */
  @Nullable Map<String, String> match(List<String> rawSegments) {
    Map<String, String> parameters = new HashMap<>();
    for (int i = 0; i < segments.size(); i++) {
      String segment = segments.get(i);
      if (i >= rawSegments.size()) {
        return null;
      }
      if (segment.endsWith("+}")) {
        String rest = String.join("/", rawSegments.subList(i, rawSegments.size()));
        parameters.put(segment.substring(1, segment.length() - 2), QueryString.decode(rest, false));
        return rest.isEmpty() ? null : parameters;
      }
      if (segment.startsWith("{")) {
        if (rawSegments.get(i).isEmpty()) {
          return null;
        }
        parameters.put(
            segment.substring(1, segment.length() - 1),
            QueryString.decode(rawSegments.get(i), false));
      } else if (!segment.equals(rawSegments.get(i))) {
        return null;
      }
    }
    return rawSegments.size() == segments.size() ? parameters : null;
  }

  /** Literal segments, which win over parameters. */
  long literals() {
    return segments.stream().filter(segment -> !segment.startsWith("{")).count();
  }

  /** The same for templates that match the same paths. */
  String shape() {
    return String.join(
        "/",
        segments.stream()
            .map(segment -> segment.endsWith("+}") ? "**" : segment.startsWith("{") ? "*" : segment)
            .toList());
  }
}
