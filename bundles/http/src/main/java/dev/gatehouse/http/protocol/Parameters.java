package dev.gatehouse.http.protocol;

import java.util.Map;

/**
 * What a handler is given of a request.
 *
 * @param query parameters of the query, or the fields of a form
 * @param body as the handler reads it
 * @param isJson whether the body is JSON
 */
public record Parameters(Map<String, String> query, byte[] body, boolean isJson) {
  /** Copies the parameters. */
  public Parameters {
    query = Map.copyOf(query);
  }
}
