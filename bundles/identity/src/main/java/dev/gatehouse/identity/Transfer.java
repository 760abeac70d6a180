package dev.gatehouse.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.json.Json;

/**
 * The last transfer of a certificate from one account to another.
 *
 * @param from the sender's account id; empty if there was none
 * @param to the receiver's account id
 * @param sentMillis since the epoch, as the others; 0: not yet
 */
record Transfer(
    String from,
    String to,
    long sentMillis,
    String message,
    long acceptedMillis,
    long rejectedMillis,
    String reason) {
  static final Transfer NONE = new Transfer("", "", 0, "", 0, 0, "");

  static Transfer sent(String from, String to, String message, long millis) {
    return new Transfer(from, to, millis, message, 0, 0, "");
  }

  Transfer accepted(long millis) {
    return new Transfer(from, to, sentMillis, message, millis, 0, "");
  }

  Transfer rejected(String why, long millis) {
    return new Transfer(from, to, sentMillis, message, 0, millis, why);
  }

  ObjectNode tree() {
    return Json.object()
        .put("from", from)
        .put("to", to)
        .put("sent", sentMillis)
        .put("message", message)
        .put("accepted", acceptedMillis)
        .put("rejected", rejectedMillis)
        .put("reason", reason);
  }

  static Transfer of(JsonNode node) {
    return new Transfer(
        node.path("from").asText(),
        node.path("to").asText(),
        node.path("sent").asLong(),
        node.path("message").asText(),
        node.path("accepted").asLong(),
        node.path("rejected").asLong(),
        node.path("reason").asText());
  }

  /** As DescribeCertificate shows it. */
  ObjectNode shown() {
    ObjectNode node = Json.object();
    date(node, "transferDate", sentMillis);
    text(node, "transferMessage", message);
    date(node, "acceptDate", acceptedMillis);
    date(node, "rejectDate", rejectedMillis);
    text(node, "rejectReason", reason);
    return node;
  }

  private static void date(ObjectNode node, String name, long millis) {
    if (millis != 0) {
      node.put(name, millis / 1000.0);
    }
  }

  private static void text(ObjectNode node, String name, String value) {
    if (!value.isEmpty()) {
      node.put(name, value);
    }
  }
}
