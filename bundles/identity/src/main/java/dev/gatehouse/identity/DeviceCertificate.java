package dev.gatehouse.identity;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.json.Json;

/**
 * A registered certificate.
 *
 * @param id SHA-256 of its DER form in hex
 * @param createdMillis since the epoch
 */
record DeviceCertificate(
    Account account,
    String id,
    String pem,
    Status status,
    long createdMillis,
    long modifiedMillis) {
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

  String arn() {
    return account.arn("iot", "cert/" + id).toString();
  }

  DeviceCertificate with(Status next, long millis) {
    return new DeviceCertificate(account, id, pem, next, createdMillis, millis);
  }

  byte[] stored() {
    return Json.stored(
        FORMAT,
        Json.object()
            .put("pem", pem)
            .put("status", status.name())
            .put("created", createdMillis)
            .put("modified", modifiedMillis));
  }

  static DeviceCertificate restored(byte[] key, byte[] value) {
    String[] parts = Keys.parts(key);
    ObjectNode node = Json.restored(FORMAT, value);
    return new DeviceCertificate(
        Keys.account(parts[0]),
        parts[1],
        node.get("pem").asText(),
        Status.valueOf(node.get("status").asText()),
        node.get("created").asLong(),
        node.get("modified").asLong());
  }
}
