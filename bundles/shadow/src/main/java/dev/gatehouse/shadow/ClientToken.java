package dev.gatehouse.shadow;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Finds the client token of a request without a tree: for the answers to a get or a deletion, and
 * to a request that is refused before it is looked at.
 */
final class ClientToken {
  static final int MAX_BYTES = 64;
  private static final int MAX_DEPTH = 100;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .build();

  private ClientToken() {}

  /** The token of a JSON object; empty if it has none, or is too long to be looked at. */
  static Optional<String> of(byte[] request) {
    if (request.length == 0 || request.length > UpdateRequest.MAX_REQUEST_BYTES) {
      return Optional.empty();
    }
    try (JsonParser parser = JSON.createParser(request)) {
      return parser.nextToken() == JsonToken.START_OBJECT ? member(parser) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // not JSON: the answer has no token
    }
  }

  private static Optional<String> member(JsonParser parser) throws IOException {
    Optional<String> token = Optional.empty();
    String name;
    while ((name = parser.nextFieldName()) != null) {
      JsonToken value = parser.nextToken();
      if (name.equals("clientToken")) {
        token = value == JsonToken.VALUE_STRING ? usable(parser.getText()) : Optional.empty();
      }
      parser.skipChildren();
    }
    return parser.nextToken() == null ? token : Optional.empty();
  }

  private static Optional<String> usable(String token) {
    return UpdateRequest.isEncodable(token)
            && token.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES
        ? Optional.of(token)
        : Optional.empty();
  }
}
