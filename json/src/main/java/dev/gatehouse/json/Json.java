package dev.gatehouse.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Strict JSON: no duplicate keys, nothing behind the value, bounded depth, exact numbers. */
public final class Json {
  private static final int MAX_DEPTH = 100;
  private static final JsonTrees TREES =
      new JsonTrees(
          StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).maxNumberLength(400).build());

  private Json() {}

  /** An empty object. */
  public static ObjectNode object() {
    return JsonTrees.object();
  }

  /**
   * Parses UTF-8 JSON.
   *
   * @throws JsonProcessingException with line and column
   */
  public static JsonNode parse(byte[] json) throws JsonProcessingException {
    return TREES.read(json);
  }

  /**
   * Parses with narrower limits.
   *
   * @param depth the deepest nesting allowed
   * @throws JsonProcessingException with line and column
   */
  public static JsonNode parse(String json, int depth) throws JsonProcessingException {
    StreamReadConstraints limits = StreamReadConstraints.builder().maxNestingDepth(depth).build();
    return new JsonTrees(limits).read(json.getBytes(StandardCharsets.UTF_8));
  }

  /** UTF-8 JSON. */
  public static byte[] bytes(JsonNode node) {
    return TREES.bytes(node);
  }

  /** JSON. A node's own toString would bring in Jackson's object mapper. */
  public static String text(JsonNode node) {
    return TREES.text(node);
  }

  /**
   * A call's body, which must be a JSON object.
   *
   * @throws ServiceException INVALID_REQUEST saying where it is wrong
   */
  public static JsonBody body(byte[] json) {
    JsonNode node;
    try {
      node = parse(json);
    } catch (JsonProcessingException e) {
      throw new ServiceException(
          ErrorCode.INVALID_REQUEST, "the body is not JSON: " + where(e) + e.getOriginalMessage());
    }
    if (node.isMissingNode()) {
      return new JsonBody(object(), "");
    }
    if (!(node instanceof ObjectNode object)) {
      throw new ServiceException(ErrorCode.INVALID_REQUEST, "the body must be a JSON object");
    }
    return new JsonBody(object, "");
  }

  private static String where(JsonProcessingException e) {
    @Nullable JsonLocation at = e.getLocation(); // absent when a limit was exceeded
    return at == null ? "" : "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": ";
  }

  /** A value of the store: one byte of format version, then JSON. */
  public static byte[] stored(int format, JsonNode node) {
    byte[] json = bytes(node);
    byte[] value = new byte[json.length + 1];
    value[0] = (byte) format;
    System.arraycopy(json, 0, value, 1, json.length);
    return value;
  }

  /**
   * Reads a value of the store.
   *
   * @throws IllegalStateException if it has another format or is not an object
   */
  public static ObjectNode restored(int format, byte[] value) {
    if (value.length == 0 || value[0] != format) {
      throw new IllegalStateException(
          "a stored value has format "
              + (value.length == 0 ? "none" : value[0])
              + ", this version reads "
              + format);
    }
    try {
      return (ObjectNode) parse(Arrays.copyOfRange(value, 1, value.length));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a stored value is not JSON", e);
    }
  }
}
