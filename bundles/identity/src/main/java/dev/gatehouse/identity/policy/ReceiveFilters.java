package dev.gatehouse.identity.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds documents that allow {@code iot:Receive} on topic filters only, as nine examples of the
 * guide do: receiving is asked for on {@code topic/…}, so their holders subscribe and get nothing.
 */
final class ReceiveFilters {
  private static final String RECEIVE = "iot:receive";

  private ReceiveFilters() {}

  static Optional<Policy.Finding> finding(JsonNode document) {
    boolean onFilters = false;
    for (JsonNode statement : list(document.path("Statement"))) {
      if (!allowsReceive(statement)) {
        continue;
      }
      if (!filtersOnly(statement)) {
        return Optional.empty(); // another statement may be meant for it
      }
      onFilters = true;
    }
    return onFilters
        ? Optional.of(
            new Policy.Finding(
                "iot:Receive is allowed on topicfilter/… only, where it is never asked for: holders"
                    + " can subscribe and get nothing; allow it on topic/…",
                false))
        : Optional.empty();
  }

  private static boolean allowsReceive(JsonNode statement) {
    if (!statement.path("Effect").asText().equals("Allow")) {
      return false;
    }
    if (statement.has("NotAction")) {
      return true;
    }
    for (JsonNode action : list(statement.path("Action"))) {
      String name = action.asText().toLowerCase(Locale.ROOT);
      int star = name.indexOf('*');
      if (name.equals(RECEIVE) || (star >= 0 && RECEIVE.startsWith(name.substring(0, star)))) {
        return true;
      }
    }
    return false;
  }

  private static boolean filtersOnly(JsonNode statement) {
    if (statement.has("NotResource")) {
      return false;
    }
    for (JsonNode resource : list(statement.path("Resource"))) {
      if (!resource.asText().contains(":topicfilter/")) {
        return false;
      }
    }
    return true;
  }

  private static Iterable<JsonNode> list(JsonNode node) {
    return node.isArray() ? node : List.of(node);
  }
}
