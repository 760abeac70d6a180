package dev.gatehouse.iam.directory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Entities as values of the store. */
final class EntityCodec {
  private static final int FORMAT = 1;

  private EntityCodec() {}

  static byte[] stored(Entity entity) {
    ObjectNode node =
        Json.object()
            .put("name", entity.name())
            .put("path", entity.path())
            .put("id", entity.id())
            .put("created", entity.createdMillis());
    if (entity instanceof Holder holder) {
      ObjectNode inline = node.putObject("inline");
      holder.grants().inline().forEach(inline::put);
      ArrayNode attached = node.putArray("attached");
      holder.grants().attached().forEach(attached::add);
    }
    if (entity instanceof Tagged tagged) {
      ObjectNode tags = node.putObject("tags");
      tagged.tags().values().forEach(tags::put);
    }
    if (entity instanceof User user) {
      ArrayNode groups = node.putArray("groups");
      user.groups().forEach(groups::add);
      ArrayNode keys = node.putArray("keys");
      for (AccessKey key : user.keys()) {
        keys.addObject()
            .put("id", key.id())
            .put("active", key.active())
            .put("created", key.createdMillis())
            .put("secret", key.sealed());
      }
    } else if (entity instanceof Role role) {
      node.put("trust", role.trust())
          .put("description", role.description())
          .put("maxSession", role.maxSessionSeconds());
    } else if (entity instanceof ManagedPolicy policy) {
      node.put("description", policy.description())
          .put("default", policy.defaultVersion())
          .put("next", policy.nextVersion());
      ArrayNode versions = node.putArray("versions");
      for (ManagedPolicy.Version version : policy.versions()) {
        versions
            .addObject()
            .put("number", version.number())
            .put("document", version.document())
            .put("created", version.createdMillis());
      }
    }
    return Json.stored(FORMAT, node);
  }

  static Entity restored(Kind kind, byte[] value) {
    ObjectNode node = Json.restored(FORMAT, value);
    String name = node.path("name").asText();
    String path = node.path("path").asText();
    String id = node.path("id").asText();
    long created = node.path("created").asLong();
    return switch (kind) {
      case USER ->
          new User(
              name,
              path,
              id,
              created,
              texts(node.path("groups")),
              keys(node),
              grants(node),
              tags(node));
      case GROUP -> new Group(name, path, id, created, grants(node));
      case ROLE ->
          new Role(
              name,
              path,
              id,
              created,
              node.path("trust").asText(),
              node.path("description").asText(),
              node.path("maxSession").asInt(),
              grants(node),
              tags(node));
      case POLICY ->
          new ManagedPolicy(
              name,
              path,
              id,
              created,
              node.path("description").asText(),
              node.path("default").asInt(),
              node.path("next").asInt(),
              versions(node),
              tags(node));
    };
  }

  private static Grants grants(ObjectNode node) {
    return new Grants(map(node.path("inline")), texts(node.path("attached")));
  }

  private static Tags tags(ObjectNode node) {
    return new Tags(map(node.path("tags")));
  }

  private static SortedMap<String, String> map(JsonNode object) {
    TreeMap<String, String> map = new TreeMap<>();
    object.properties().forEach(one -> map.put(one.getKey(), one.getValue().asText()));
    return map;
  }

  private static List<AccessKey> keys(ObjectNode node) {
    List<AccessKey> keys = new ArrayList<>();
    for (JsonNode key : node.path("keys")) {
      keys.add(
          new AccessKey(
              key.path("id").asText(),
              key.path("active").asBoolean(),
              key.path("created").asLong(),
              key.path("secret").asText()));
    }
    return keys;
  }

  private static List<ManagedPolicy.Version> versions(ObjectNode node) {
    List<ManagedPolicy.Version> versions = new ArrayList<>();
    for (JsonNode version : node.path("versions")) {
      versions.add(
          new ManagedPolicy.Version(
              version.path("number").asInt(),
              version.path("document").asText(),
              version.path("created").asLong()));
    }
    return versions;
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
