package dev.gatehouse.shadow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.json.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A shadow: its state, when each leaf was set, its version. The trees inside are never changed once
 * they are here; documents share what is the same in them (guide: Device Shadows Documents).
 */
record ShadowDocument(ObjectNode state, ObjectNode metadata, long version) {
  private static final String DESIRED = "desired";

  /** What there is before the first update. */
  static final ShadowDocument NONE = new ShadowDocument(Json.object(), Json.object(), 0);

  /**
   * An update that is carried out.
   *
   * @param row what is to be stored
   * @param acceptedMetadata of what was sent, of what it removed as well
   */
  record Applied(ShadowDocument document, ShadowRow row, ObjectNode acceptedMetadata) {}

  static ShadowDocument of(ShadowRow row) {
    try {
      return new ShadowDocument(
          (ObjectNode) Json.parse(row.state()),
          (ObjectNode) Json.parse(row.metadata()),
          row.version());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a stored shadow is not JSON", e);
    }
  }

  /**
   * Merges a request.
   *
   * @param now seconds since the epoch
   * @throws ShadowError 409 if it was made for another version, 413 if the shadow grows too large
   */
  Applied apply(UpdateRequest request, long now) throws ShadowError {
    if (request.version().isPresent() && request.version().getAsLong() != version) {
      throw new ShadowError(409, "Version conflict");
    }
    ObjectNode newState = request.removesAll() ? Json.object() : copy(state);
    ObjectNode newMetadata = request.removesAll() ? Json.object() : copy(metadata);
    ObjectNode accepted = merge(newState, newMetadata, request.state(), now);
    for (String name : UpdateRequest.SECTIONS) {
      if (newState.path(name).isEmpty()) { // empty sections vanish
        newState.remove(name);
        newMetadata.remove(name);
      }
    }
    byte[] stateBytes = Json.bytes(newState);
    UpdateRequest.checkSize(stateBytes.length);
    return new Applied(
        new ShadowDocument(newState, newMetadata, version + 1),
        new ShadowRow(version + 1, now, 0, stateBytes, Json.bytes(newMetadata)),
        accepted);
  }

  /** Another object with the same members. */
  private static ObjectNode copy(@Nullable JsonNode from) {
    ObjectNode copy = Json.object();
    if (from instanceof ObjectNode object) {
      copy.setAll(object);
    }
    return copy;
  }

  /** Merges what was sent into a state and its metadata; the metadata of what was sent. */
  private static ObjectNode merge(
      ObjectNode state, ObjectNode metadata, ObjectNode sent, long now) {
    ObjectNode accepted = Json.object();
    for (Map.Entry<String, JsonNode> member : sent.properties()) {
      String name = member.getKey();
      JsonNode value = member.getValue();
      if (value.isNull()) {
        state.remove(name);
        metadata.remove(name);
        accepted.set(name, stamp(now));
      } else if (value instanceof ObjectNode object) {
        boolean nested = state.get(name) instanceof ObjectNode;
        ObjectNode innerState = copy(nested ? state.get(name) : null);
        ObjectNode innerMetadata = copy(nested ? metadata.get(name) : null);
        state.set(name, innerState);
        metadata.set(name, innerMetadata);
        accepted.set(name, merge(innerState, innerMetadata, object, now));
      } else {
        JsonNode stamps = stamps(value, now);
        state.set(name, value);
        metadata.set(name, stamps);
        accepted.set(name, stamps);
      }
    }
    return accepted;
  }

  private static ObjectNode stamp(long now) {
    return Json.object().put("timestamp", now);
  }

  /** A timestamp for a leaf; for an array one for each of its elements. */
  private static JsonNode stamps(JsonNode value, long now) {
    if (!value.isArray() || value.isEmpty()) {
      return stamp(now);
    }
    ArrayNode list = Json.object().arrayNode();
    for (JsonNode element : value) {
      list.add(
          element instanceof ObjectNode object
              ? merge(Json.object(), Json.object(), object, now)
              : stamps(element, now));
    }
    return list;
  }

  /** What is desired and not reported so; an empty object if nothing is. */
  ObjectNode delta() {
    return state.get(DESIRED) instanceof ObjectNode desired
        ? difference(desired, state.get("reported") instanceof ObjectNode r ? r : Json.object())
        : Json.object();
  }

  /** The desired metadata of what a delta holds. */
  ObjectNode deltaMetadata(ObjectNode delta) {
    return along(delta, metadata.get(DESIRED) instanceof ObjectNode m ? m : Json.object());
  }

  private static ObjectNode difference(ObjectNode desired, ObjectNode reported) {
    ObjectNode delta = Json.object();
    for (Map.Entry<String, JsonNode> member : desired.properties()) {
      JsonNode wanted = member.getValue();
      JsonNode actual = reported.get(member.getKey());
      if (wanted instanceof ObjectNode inner && actual instanceof ObjectNode other) {
        ObjectNode nested = difference(inner, other);
        if (!nested.isEmpty()) {
          delta.set(member.getKey(), nested);
        }
      } else if (!same(wanted, actual)) {
        delta.set(member.getKey(), wanted);
      }
    }
    return delta;
  }

  /** Numbers are the same if their values are, however they are written. */
  private static boolean same(JsonNode wanted, @Nullable JsonNode actual) {
    if (actual == null) {
      return false;
    }
    return wanted.equals(
        (a, b) ->
            a.isNumber() && b.isNumber()
                ? a.decimalValue().compareTo(b.decimalValue())
                : a.equals(b) ? 0 : 1,
        actual);
  }

  private static ObjectNode along(ObjectNode shape, ObjectNode tree) {
    ObjectNode picked = Json.object();
    for (Map.Entry<String, JsonNode> member : shape.properties()) {
      JsonNode there = tree.get(member.getKey());
      if (member.getValue() instanceof ObjectNode inner && there instanceof ObjectNode deeper) {
        picked.set(member.getKey(), along(inner, deeper));
      } else if (there != null) {
        picked.set(member.getKey(), there);
      }
    }
    return picked;
  }

  /**
   * The whole document, as a get answers it: with the delta and its metadata, if there is one.
   *
   * @param now seconds since the epoch
   */
  ObjectNode answer(long now) {
    ObjectNode fullState = copy(state);
    ObjectNode fullMetadata = copy(metadata);
    ObjectNode delta = delta();
    if (!delta.isEmpty()) {
      fullState.set("delta", delta);
      fullMetadata.set("delta", deltaMetadata(delta));
    }
    ObjectNode answer = Json.object();
    answer.set("state", fullState);
    answer.set("metadata", fullMetadata);
    return answer.put("version", version).put("timestamp", now);
  }
}
