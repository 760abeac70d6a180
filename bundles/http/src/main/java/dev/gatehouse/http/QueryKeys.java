package dev.gatehouse.http;

import dev.gatehouse.http.sigv4.QueryString;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The query keys that a request must have to be a call of an operation.
 *
 * @param required by name; an empty value stands for any
 */
record QueryKeys(Map<String, String> required) {
  private static final QueryKeys NONE = new QueryKeys(Map.of());

  /** The keys behind the question mark of a template. */
  static QueryKeys of(String template) {
    int question = template.indexOf('?');
    if (question < 0) {
      return NONE;
    }
    Map<String, String> keys = new TreeMap<>();
    QueryString.parse(template.substring(question + 1))
        .forEach(key -> keys.put(key.name(), key.value()));
    return new QueryKeys(keys);
  }

  int size() {
    return required.size();
  }

  /** Whether a query has these keys. */
  boolean match(String rawQuery) {
    if (required.isEmpty()) {
      return true;
    }
    List<QueryString.Parameter> given = QueryString.parse(rawQuery);
    return required.entrySet().stream()
        .allMatch(
            key ->
                given.stream()
                    .anyMatch(
                        parameter ->
                            parameter.name().equals(key.getKey())
                                && (key.getValue().isEmpty()
                                    || parameter.value().equals(key.getValue()))));
  }
}
