package dev.gatehouse.identity;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Arn;
import dev.gatehouse.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * A CA that an account has registered.
 *
 * @param id SHA-256 of its DER form in hex
 * @param active whether certificates that it signed can be registered
 * @param autoRegistration whether they are registered when they connect
 * @param version grows by one with each change, from 1
 */
record CaCertificate(
    Account account,
    String id,
    String pem,
    boolean active,
    boolean autoRegistration,
    long createdMillis,
    long modifiedMillis,
    int version) {
  private static final int FORMAT = 1;

  String arn() {
    return resource().toString();
  }

  Arn resource() {
    return account.arn("iot", "cacert/" + id);
  }

  String status() {
    return active ? "ACTIVE" : "INACTIVE";
  }

  /** Tells two registrations of one CA apart. */
  String generation() {
    return UUID.nameUUIDFromBytes((id + createdMillis).getBytes(StandardCharsets.UTF_8)).toString();
  }

  CaCertificate with(boolean nowActive, boolean nowAutoRegistration, long millis) {
    return new CaCertificate(
        account, id, pem, nowActive, nowAutoRegistration, createdMillis, millis, version + 1);
  }

  byte[] stored() {
    return Json.stored(
        FORMAT,
        Json.object()
            .put("pem", pem)
            .put("active", active)
            .put("auto", autoRegistration)
            .put("created", createdMillis)
            .put("modified", modifiedMillis)
            .put("version", version));
  }

  static CaCertificate restored(byte[] key, byte[] value) {
    String[] parts = Keys.parts(key);
    ObjectNode node = Json.restored(FORMAT, value);
    return new CaCertificate(
        Keys.account(parts[0]),
        parts[1],
        node.get("pem").asText(),
        node.get("active").asBoolean(),
        node.get("auto").asBoolean(),
        node.get("created").asLong(),
        node.get("modified").asLong(),
        node.get("version").asInt());
  }
}
