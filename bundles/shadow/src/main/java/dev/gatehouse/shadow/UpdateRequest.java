package dev.gatehouse.shadow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a shadow is asked to become, validated.
 *
 * @param state the request's sections as they were sent; {@code null} in them deletes
 * @param removesAll whether {@code state} itself was null
 */
record UpdateRequest(
    ObjectNode state, boolean removesAll, OptionalLong version, Optional<String> clientToken) {
  static final List<String> SECTIONS = List.of("desired", "reported");
  private static final int MAX_BYTES = 8 << 10;

  /** A request as it comes, with blanks and escapes: AWS IoT takes no longer message. */
  static final int MAX_REQUEST_BYTES = 128 << 10;

  /**
   * Reads a request.
   *
   * @param maxLevels of objects and arrays within a section
   */
  static UpdateRequest parse(byte[] json, int maxLevels) throws ShadowError {
    checkRequestSize(json);
    JsonNode root = tree(json);
    JsonNode state = root.get("state"); // a root that is no object has no members
    if (state == null) {
      throw new ShadowError(400, "Missing required node: state");
    }
    if (!state.isNull() && !state.isObject()) {
      throw new ShadowError(400, "State node must be an object");
    }
    ObjectNode sections = state instanceof ObjectNode object ? object : Json.object();
    for (Map.Entry<String, JsonNode> section : sections.properties()) {
      if (!SECTIONS.contains(section.getKey())) {
        throw new ShadowError(400, "State contains an invalid node: '" + section.getKey() + "'");
      }
      if (!section.getValue().isObject() && !section.getValue().isNull()) {
        String name = section.getKey().equals("desired") ? "Desired" : "Reported";
        throw new ShadowError(400, name + " node must be an object");
      }
      checkTree(section.getValue(), maxLevels + 1, maxLevels + 1, false);
    }
    if (json.length > MAX_BYTES) { // what it makes of the shadow is checked in any case
      checkSize(Json.bytes(sections).length);
    }
    return new UpdateRequest(sections, state.isNull(), version(root), token(root));
  }

  /** To be called before anything is made of a request. */
  static void checkRequestSize(byte[] request) throws ShadowError {
    if (request.length > MAX_REQUEST_BYTES) {
      throw new ShadowError(413, "The payload exceeds the maximum size allowed");
    }
  }

  /** The limit holds for what is sent and for what it makes of the shadow; metadata is free. */
  static void checkSize(int bytes) throws ShadowError {
    if (bytes > MAX_BYTES) {
      throw new ShadowError(413, "The payload exceeds the maximum size allowed");
    }
  }

  private static JsonNode tree(byte[] json) throws ShadowError {
    checkEncoding(json);
    try {
      JsonNode root = Json.parse(json);
      if (!root.isMissingNode()) {
        checkText(root);
        return root;
      }
    } catch (JsonProcessingException | NumberFormatException e) {
      // An exponent past the range of numbers is no syntax error to the parser.
      throw new ShadowError(400, "Invalid JSON");
    }
    throw new ShadowError(400, "Invalid JSON");
  }

  /** UTF-8 alone; its JSON never holds a zero byte, by which UTF-16 and UTF-32 are told apart. */
  private static void checkEncoding(byte[] json) throws ShadowError {
    boolean ascii = true;
    for (byte each : json) {
      if (each == 0) {
        throw unsupportedEncoding();
      }
      ascii &= each > 0;
    }
    if (ascii) {
      return;
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json));
    } catch (CharacterCodingException e) {
      throw unsupportedEncoding();
    }
  }

  private static ShadowError unsupportedEncoding() {
    return new ShadowError(415, "Unsupported documented encoding; supported encoding is UTF-8");
  }

  /** An escaped half of a surrogate pair could not be written as UTF-8 again. */
  private static void checkText(JsonNode node) throws ShadowError {
    if (node.isTextual()) {
      requireEncodable(node.textValue());
    }
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      requireEncodable(member.getKey());
    }
    for (JsonNode child : node) {
      checkText(child);
    }
  }

  private static void requireEncodable(String text) throws ShadowError {
    if (!isEncodable(text)) {
      throw new ShadowError(400, "Invalid JSON");
    }
  }

  static boolean isEncodable(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (!Character.isSurrogatePair(
            text.charAt(i), i + 1 < text.length() ? text.charAt(i + 1) : 0)) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  private static Optional<String> token(JsonNode root) throws ShadowError {
    JsonNode token = root.get("clientToken");
    if (token == null || token.isNull()) {
      return Optional.empty();
    }
    if (!token.isTextual()
        || token.asText().getBytes(StandardCharsets.UTF_8).length > ClientToken.MAX_BYTES) {
      throw new ShadowError(400, "Invalid clientToken");
    }
    return Optional.of(token.asText());
  }

  private static OptionalLong version(JsonNode root) throws ShadowError {
    JsonNode version = root.get("version");
    if (version == null || version.isNull()) {
      return OptionalLong.empty();
    }
    if (!version.isIntegralNumber() || !version.canConvertToLong() || version.asLong() < 0) {
      throw new ShadowError(400, "Invalid version");
    }
    return OptionalLong.of(version.asLong());
  }

  /** In an array null cannot delete anything, however deep it is: arrays are replaced whole. */
  private static void checkTree(JsonNode node, int levels, int maxLevels, boolean inArray)
      throws ShadowError {
    if (node.isContainerNode() && levels == 0) {
      throw new ShadowError(
          400, "JSON contains too many levels of nesting; maximum is " + maxLevels);
    }
    boolean array = inArray || node.isArray();
    for (JsonNode child : node) {
      if (array && child.isNull()) {
        throw new ShadowError(400, "State contains an invalid node: an array holds null");
      }
      checkTree(child, levels - 1, maxLevels, array);
    }
  }
}
