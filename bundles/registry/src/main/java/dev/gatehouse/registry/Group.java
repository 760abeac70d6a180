package dev.gatehouse.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.json.Json;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A thing group or a billing group.
 *
 * @param parent null at the root; never changes
 * @param version grows by one with each update, from 1
 */
record Group(
    String name,
    String groupId,
    @Nullable String parent,
    @Nullable String description,
    Map<String, String> attributes,
    long createdMillis,
    long version) {

  Group {
    attributes = Map.copyOf(attributes);
  }

  Group with(@Nullable String text, Map<String, String> others) {
    return new Group(name, groupId, parent, text, others, createdMillis, version + 1);
  }

  /** Whether it was given the same properties. */
  boolean like(Group other) {
    return Objects.equals(parent, other.parent)
        && Objects.equals(description, other.description)
        && attributes.equals(other.attributes);
  }

  byte[] stored() {
    ObjectNode node = Json.object().put("id", groupId).put("version", version);
    if (parent != null) {
      node.put("parent", parent);
    }
    if (description != null) {
      node.put("description", description);
    }
    node.set("attributes", Attributes.node(attributes));
    return Rows.value(node.put("created", createdMillis));
  }

  static Group restored(String name, byte[] value) {
    ObjectNode node = Rows.node(value);
    return new Group(
        name,
        node.get("id").asText(),
        text(node, "parent"),
        text(node, "description"),
        Attributes.map(node.get("attributes")),
        node.get("created").asLong(),
        node.get("version").asLong());
  }

  private static @Nullable String text(ObjectNode node, String name) {
    @Nullable JsonNode value = node.get(name);
    return value == null ? null : value.asText();
  }
}
