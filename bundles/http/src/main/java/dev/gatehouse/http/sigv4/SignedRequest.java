package dev.gatehouse.http.sigv4;

import java.util.List;
import java.util.Map;

/**
 * The parts of a request that a signature is made over.
 *
 * @param rawPath as it came, not decoded
 * @param rawQuery as it came, without the question mark
 * @param headers values in the order they came, by lower-case name
 */
public record SignedRequest(
    String method,
    String rawPath,
    String rawQuery,
    Map<String, List<String>> headers,
    byte[] body) {

  /** Stands for a body that has not arrived yet. */
  public static final byte[] BODY_FOLLOWS = new byte[0];

  /** Whether only the head is there. */
  boolean bodyFollows() {
    return body == BODY_FOLLOWS;
  }

  /**
   * Whether it asks for a WebSocket. AWS's clients sign that, for {@code iotdevicegateway} or
   * {@code iotdata}, without saying how long it holds, and add the session token afterwards.
   */
  boolean opensWebSocket() {
    return headers.getOrDefault("upgrade", List.of()).stream()
        .anyMatch(value -> value.equalsIgnoreCase("websocket"));
  }
}
