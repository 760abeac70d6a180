package dev.gatehouse.rules;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.json.Json;
import dev.gatehouse.rules.delivery.Failure;
import java.util.Base64;
import java.util.List;

/** The message of an error action. */
final class FailureReport {
  private static final int MAX_MESSAGE = 1_000;
  private static final int ROOM = 16 << 10;

  private FailureReport() {}

  static Payload of(String ruleName, Message message, List<Failure> failures) {
    ObjectNode root =
        Json.object()
            .put("ruleName", ruleName)
            .put("topic", message.topic().value())
            .put("cloudwatchTraceId", message.traceId().toString())
            .put("clientId", message.origin().clientId())
            .put(
                "base64OriginalPayload",
                Base64.getEncoder().encodeToString(message.payload().bytes()));
    ArrayNode list = root.putArray("failures");
    for (Failure failure : failures) {
      list.addObject()
          .put("failedAction", failure.failedAction())
          .put("failedResource", failure.failedResource())
          .put("errorMessage", shortened(failure.errorMessage()));
    }
    return Payload.of(Json.bytes(root));
  }

  /** About how much memory making a report takes. */
  static long bytes(Message message) {
    return 4L * message.payload().length() + 2L * message.topic().value().length() + ROOM;
  }

  /** Some messages quote a setting, which may be as long as a payload. */
  private static String shortened(String text) {
    return text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE) + "…";
  }
}
