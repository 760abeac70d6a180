package dev.gatehouse.shadow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** JSON of the tests. */
final class Fixtures {
  private Fixtures() {}

  /** The elements of a list in a resource beside the tests. */
  static Stream<ObjectNode> list(String resource) {
    try (InputStream in =
        Objects.requireNonNull(Fixtures.class.getResourceAsStream(resource), resource)) {
      JsonNode list = Json.parse(in.readAllBytes());
      return StreamSupport.stream(list.spliterator(), false).map(ObjectNode.class::cast);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** JSON from a text in which an apostrophe stands for a quotation mark. */
  static ObjectNode json(String text) {
    return tree(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  static ObjectNode tree(byte[] json) {
    try {
      return (ObjectNode) Json.parse(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** A tree as a reader sees it: a number made here differs in class from the same one read. */
  static ObjectNode again(JsonNode tree) {
    return tree(Json.bytes(tree));
  }

  /** A request, read with the guide's limits. */
  static UpdateRequest request(byte[] json) throws ShadowError {
    return UpdateRequest.parse(json, ShadowSettings.GUIDE.maxLevels());
  }

  static byte[] bytes(String text) {
    return Json.bytes(json(text));
  }
}
