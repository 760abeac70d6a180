package dev.gatehouse.api.http;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The answer to a call.
 *
 * @param status HTTP status
 * @param headers further headers; the edge adds length, request id and date
 * @param body UTF-8 JSON unless a content-type header says otherwise; not to be modified
 */
public record ApiResponse(int status, Map<String, String> headers, byte[] body) {

  /** Copies the headers. */
  public ApiResponse {
    headers = Map.copyOf(headers);
  }

  /** 200 with a JSON body. */
  public static ApiResponse json(byte[] body) {
    return new ApiResponse(200, Map.of("content-type", "application/json"), body);
  }

  /** 200 with an empty JSON object: the answer of operations without output. */
  public static ApiResponse empty() {
    return json("{}".getBytes(StandardCharsets.UTF_8));
  }
}
