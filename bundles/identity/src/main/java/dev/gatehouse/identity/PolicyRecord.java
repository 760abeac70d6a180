package dev.gatehouse.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Arn;
import dev.gatehouse.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A policy with its versions.
 *
 * @param defaultVersion the id of the version in effect
 * @param nextVersion the number of the version made next
 * @param attachments how often it was ever attached
 */
record PolicyRecord(
    Account account,
    String name,
    int defaultVersion,
    int nextVersion,
    long attachments,
    List<Version> versions) {
  private static final int FORMAT = 1;

  /** One version, {@code id} from 1. */
  record Version(int id, String document, long createdMillis) {}

  PolicyRecord {
    versions = List.copyOf(versions);
  }

  static PolicyRecord first(Account account, String name, String document, long millis) {
    return new PolicyRecord(account, name, 1, 2, 0, List.of(new Version(1, document, millis)));
  }

  String arn() {
    return resource().toString();
  }

  Arn resource() {
    return account.arn("iot", "policy/" + name);
  }

  Optional<Version> version(int id) {
    return versions.stream().filter(version -> version.id() == id).findFirst();
  }

  Version current() {
    return version(defaultVersion)
        .orElseThrow(() -> new IllegalStateException("policy " + name + " has no default version"));
  }

  PolicyRecord plus(String document, boolean asDefault, long millis) {
    List<Version> more = new ArrayList<>(versions);
    more.add(new Version(nextVersion, document, millis));
    return new PolicyRecord(
        account,
        name,
        asDefault ? nextVersion : defaultVersion,
        nextVersion + 1,
        attachments,
        more);
  }

  PolicyRecord minus(int id) {
    return new PolicyRecord(
        account,
        name,
        defaultVersion,
        nextVersion,
        attachments,
        versions.stream().filter(version -> version.id() != id).toList());
  }

  PolicyRecord withDefault(int id) {
    return new PolicyRecord(account, name, id, nextVersion, attachments, versions);
  }

  /** As it is once more attached. */
  PolicyRecord touched() {
    return new PolicyRecord(account, name, defaultVersion, nextVersion, attachments + 1, versions);
  }

  byte[] stored() {
    ObjectNode node =
        Json.object()
            .put("default", defaultVersion)
            .put("next", nextVersion)
            .put("attachments", attachments);
    ArrayNode list = node.putArray("versions");
    for (Version version : versions) {
      list.addObject()
          .put("id", version.id())
          .put("document", version.document())
          .put("created", version.createdMillis());
    }
    return Json.stored(FORMAT, node);
  }

  static PolicyRecord restored(byte[] key, byte[] value) {
    String[] parts = Keys.parts(key);
    ObjectNode node = Json.restored(FORMAT, value);
    List<Version> versions = new ArrayList<>();
    for (JsonNode version : node.get("versions")) {
      versions.add(
          new Version(
              version.get("id").asInt(),
              version.get("document").asText(),
              version.get("created").asLong()));
    }
    return new PolicyRecord(
        Keys.account(parts[0]),
        parts[1],
        node.get("default").asInt(),
        node.get("next").asInt(),
        node.path("attachments").asLong(),
        versions);
  }
}
