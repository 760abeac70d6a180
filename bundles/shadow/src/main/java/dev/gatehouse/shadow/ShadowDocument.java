package dev.gatehouse.shadow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.json.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A shadow: its state, when each leaf was set, its version. Immutable; the trees inside are never
 * changed once they are here (guide: Device Shadows Documents).
 *
 * @param deletedAtMillis when it was deleted, 0 if it was not; a deleted one only keeps its version
 * @param timestamp seconds of the last change
 */
record ShadowDocument(
    ObjectNode state, ObjectNode metadata, long version, long timestamp, long deletedAtMillis) {
  private static final int FORMAT = 1;

  /** What there is before the first update. */
  static final ShadowDocument NONE = new ShadowDocument(Json.object(), Json.object(), 0, 0, 1);

  /** An update that is carried out. */
  record Applied(ShadowDocument document, ObjectNode acceptedState, ObjectNode acceptedMetadata) {}

  boolean exists() {
    return deletedAtMillis == 0;
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
    ObjectNode newState = request.removesAll() ? Json.object() : state.deepCopy();
    ObjectNode newMetadata = request.removesAll() ? Json.object() : metadata.deepCopy();
    ObjectNode acceptedMetadata = Json.object();
    for (Map.Entry<String, JsonNode> section : request.state().properties()) {
      String name = section.getKey();
      if (section.getValue() instanceof ObjectNode sent) {
        acceptedMetadata.set(
            name, merge(child(newState, name), child(newMetadata, name), sent, now));
      } else {
        newState.remove(name);
        newMetadata.remove(name);
      }
    }
    for (String name : UpdateRequest.SECTIONS) {
      if (newState.path(name).isEmpty()) { // empty sections vanish
        newState.remove(name);
        newMetadata.remove(name);
      }
    }
    UpdateRequest.checkSize(newState);
    return new Applied(
        new ShadowDocument(newState, newMetadata, version + 1, now, 0),
        request.state(),
        acceptedMetadata);
  }

  private static ObjectNode child(ObjectNode parent, String name) {
    return parent.get(name) instanceof ObjectNode object ? object : parent.putObject(name);
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
      } else if (value instanceof ObjectNode object) {
        if (!(state.get(name) instanceof ObjectNode)) {
          state.putObject(name);
          metadata.putObject(name);
        }
        accepted.set(name, merge(child(state, name), child(metadata, name), object, now));
      } else {
        state.set(name, value);
        JsonNode stamp = stamps(value, now);
        metadata.set(name, stamp);
        accepted.set(name, stamp);
      }
    }
    return accepted;
  }

  /** A timestamp for a leaf; for an array one for each of its elements. */
  private static JsonNode stamps(JsonNode value, long now) {
    ObjectNode stamp = Json.object().put("timestamp", now);
    if (!value.isArray() || value.isEmpty()) {
      return stamp;
    }
    ArrayNode list = stamp.arrayNode();
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
    return difference(section("desired"), section("reported"));
  }

  /** The desired metadata of what {@link #delta} holds. */
  ObjectNode deltaMetadata() {
    return along(delta(), metadata.get("desired") instanceof ObjectNode m ? m : Json.object());
  }

  private ObjectNode section(String name) {
    return state.get(name) instanceof ObjectNode object ? object : Json.object();
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

  /** The whole document, as a get answers it: with the delta, if there is one. */
  ObjectNode document() {
    ObjectNode answer = Json.object();
    ObjectNode full = state.deepCopy();
    ObjectNode delta = delta();
    if (!delta.isEmpty()) {
      full.set("delta", delta);
    }
    answer.set("state", full);
    answer.set("metadata", metadata);
    return answer.put("version", version).put("timestamp", timestamp);
  }

  ShadowDocument deleted(long nowMillis) {
    return new ShadowDocument(Json.object(), Json.object(), version, timestamp, nowMillis);
  }

  byte[] stored() {
    ObjectNode node =
        Json.object()
            .put("version", version)
            .put("timestamp", timestamp)
            .put("deleted", deletedAtMillis);
    node.set("state", state);
    node.set("metadata", metadata);
    return Json.stored(FORMAT, node);
  }

  static ShadowDocument restored(byte[] value) {
    ObjectNode node = Json.restored(FORMAT, value);
    return new ShadowDocument(
        (ObjectNode) node.get("state"),
        (ObjectNode) node.get("metadata"),
        node.get("version").asLong(),
        node.get("timestamp").asLong(),
        node.get("deleted").asLong());
  }
}
