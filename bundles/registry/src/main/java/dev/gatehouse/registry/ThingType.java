package dev.gatehouse.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A thing type.
 *
 * @param searchable names of the attributes that things can be searched by; never change
 * @param deprecatedMillis null as long as it takes new things
 * @param version grows with each change
 */
record ThingType(
    String name,
    String typeId,
    @Nullable String description,
    List<String> searchable,
    long createdMillis,
    @Nullable Long deprecatedMillis,
    long version) {

  ThingType {
    searchable = List.copyOf(searchable);
  }

  ThingType described(@Nullable String text) {
    return new ThingType(
        name, typeId, text, searchable, createdMillis, deprecatedMillis, version + 1);
  }

  ThingType deprecated(@Nullable Long millis) {
    return new ThingType(name, typeId, description, searchable, createdMillis, millis, version + 1);
  }

  byte[] stored() {
    ObjectNode node = Json.object().put("id", typeId).put("version", version);
    ArrayNode names = node.putArray("searchable");
    searchable.forEach(names::add);
    node.put("created", createdMillis);
    if (description != null) {
      node.put("description", description);
    }
    if (deprecatedMillis != null) {
      node.put("deprecated", deprecatedMillis);
    }
    return Rows.value(node);
  }

  static ThingType restored(String name, byte[] value) {
    ObjectNode node = Rows.node(value);
    List<String> searchable = new ArrayList<>();
    node.get("searchable").forEach(attribute -> searchable.add(attribute.asText()));
    @Nullable JsonNode description = node.get("description");
    @Nullable JsonNode deprecated = node.get("deprecated");
    return new ThingType(
        name,
        node.get("id").asText(),
        description == null ? null : description.asText(),
        searchable,
        node.get("created").asLong(),
        deprecated == null ? null : deprecated.asLong(),
        node.get("version").asLong());
  }
}
