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
          .put("errorMessage", failure.errorMessage());
    }
    return Payload.of(Json.bytes(root));
  }
}
