package dev.gatehouse.drivers.things;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.gatehouse.api.device.DeviceStatus;
import java.util.Map;

/**
 * The part of {@code reported} that describes the device itself: {@code {"deviceStatus": {"state":
 * "OFFLINE", "detail": "no answer", "refused": {"relay": {"on": "…"}}}}}. Members without a value
 * are absent.
 */
final class StatusMembers {
  static final String ROOT = "deviceStatus";
  private static final String REFUSED = ROOT + ".refused.";

  private StatusMembers() {}

  static Map<String, JsonNode> of(DeviceStatus status) {
    return Map.of(
        ROOT + ".state",
        new TextNode(status.state().name()),
        ROOT + ".detail",
        text(status.detail()));
  }

  /**
   * The reason why the desired value of a point is not written.
   *
   * @param reason empty if it was written
   */
  static Map<String, JsonNode> refused(String pointId, String reason) {
    return Map.of(REFUSED + pointId, text(reason));
  }

  private static JsonNode text(String text) {
    return text.isEmpty() ? NullNode.getInstance() : new TextNode(text);
  }
}
