package dev.gatehouse.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * A registered certificate.
 *
 * @param account whose it is; while it is being transferred, still its sender's
 * @param id SHA-256 of its DER form in hex
 * @param caId the registered CA that signed it; empty if it was registered without one
 * @param createdMillis since the epoch
 * @param version grows by one with each change, from 1
 */
record DeviceCertificate(
    Account account,
    String id,
    String pem,
    String caId,
    Status status,
    long createdMillis,
    long modifiedMillis,
    int version,
    Transfer transfer) {
  private static final int FORMAT = 1;

  /** As the API spells them. */
  enum Status {
    ACTIVE,
    INACTIVE,
    REVOKED,
    PENDING_TRANSFER,
    REGISTER_INACTIVE,
    PENDING_ACTIVATION
  }

  /** One that is new. */
  static DeviceCertificate added(
      Account account, String id, String pem, String caId, Status status, long millis) {
    return new DeviceCertificate(account, id, pem, caId, status, millis, millis, 1, Transfer.NONE);
  }

  String arn() {
    return account.arn("iot", "cert/" + id).toString();
  }

  /** Tells two registrations of one certificate apart. */
  String generation() {
    return UUID.nameUUIDFromBytes((id + createdMillis).getBytes(StandardCharsets.UTF_8)).toString();
  }

  DeviceCertificate with(Status next, long millis) {
    return with(account, next, transfer, millis);
  }

  DeviceCertificate with(Account owner, Status next, Transfer changed, long millis) {
    return new DeviceCertificate(
        owner, id, pem, caId, next, createdMillis, millis, version + 1, changed);
  }

  /** What was not there in the first release is left out when it is the default. */
  byte[] stored() {
    ObjectNode node =
        Json.object()
            .put("pem", pem)
            .put("status", status.name())
            .put("created", createdMillis)
            .put("modified", modifiedMillis);
    if (!caId.isEmpty()) {
      node.put("ca", caId);
    }
    if (version != 1) {
      node.put("version", version);
    }
    if (!transfer.equals(Transfer.NONE)) {
      node.set("transfer", transfer.tree());
    }
    return Json.stored(FORMAT, node);
  }

  static DeviceCertificate restored(byte[] key, byte[] value) {
    String[] parts = Keys.parts(key);
    ObjectNode node = Json.restored(FORMAT, value);
    JsonNode transfer = node.get("transfer");
    return new DeviceCertificate(
        Keys.account(parts[0]),
        parts[1],
        node.get("pem").asText(),
        node.path("ca").asText(),
        Status.valueOf(node.get("status").asText()),
        node.get("created").asLong(),
        node.get("modified").asLong(),
        node.path("version").asInt(1),
        transfer == null ? Transfer.NONE : Transfer.of(transfer));
  }
}
