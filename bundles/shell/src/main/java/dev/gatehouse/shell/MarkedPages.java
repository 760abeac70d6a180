package dev.gatehouse.shell;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;

/** Lists that are continued by {@code marker} and {@code nextMarker}. */
final class MarkedPages {
  private MarkedPages() {}

  /** Entries of all pages, the oldest first. */
  static void forEach(Calls.Call call, String list, Consumer<JsonNode> entry) {
    String marker;
    do {
      ObjectNode page = call.query("pageSize", "250").query("isAscendingOrder", "true").answer();
      page.get(list).forEach(entry);
      marker = page.path("nextMarker").asText();
      call.query("marker", marker);
    } while (!marker.isEmpty());
  }
}
