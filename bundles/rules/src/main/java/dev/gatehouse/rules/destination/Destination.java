package dev.gatehouse.rules.destination;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.json.Json;
import java.nio.charset.StandardCharsets;

/**
 * A destination as it is stored.
 *
 * @param url that is asked to confirm it
 * @param reason of the status, empty if there is nothing to say
 * @param confirmed whether it has ever been
 * @param tokenHash of the token that confirms it now, SHA-256 in hex; empty if none does
 */
record Destination(
    Account account,
    String id,
    String url,
    Status status,
    String reason,
    boolean confirmed,
    String tokenHash,
    long createdMillis,
    long updatedMillis) {
  static final String TABLE = "rules.destinations";
  static final String PREFIX = "ruledestination/http/";
  private static final int FORMAT = 1;

  /** As the API names it. */
  enum Status {
    /** It was asked to confirm. */
    IN_PROGRESS,
    ENABLED,
    DISABLED,
    /** It could not be asked. */
    ERROR
  }

  Destination as(Status next, String why, boolean isConfirmed, String hash, long now) {
    return new Destination(
        account,
        id,
        url,
        next,
        why,
        isConfirmed,
        hash,
        createdMillis,
        Math.max(now, createdMillis));
  }

  String arn() {
    return account.arn("iot", PREFIX + id).toString();
  }

  byte[] key() {
    return key(account, id);
  }

  static byte[] key(Account account, String id) {
    return (account + "\0" + id).getBytes(StandardCharsets.UTF_8);
  }

  byte[] stored() {
    return Json.stored(
        FORMAT,
        Json.object()
            .put("account", account.id())
            .put("region", account.region())
            .put("id", id)
            .put("url", url)
            .put("status", status.name())
            .put("reason", reason)
            .put("confirmed", confirmed)
            .put("token", tokenHash)
            .put("created", createdMillis)
            .put("updated", updatedMillis));
  }

  static Destination restored(byte[] value) {
    ObjectNode node = Json.restored(FORMAT, value);
    return new Destination(
        new Account(node.get("account").asText(), node.get("region").asText()),
        node.get("id").asText(),
        node.get("url").asText(),
        Status.valueOf(node.get("status").asText()),
        node.get("reason").asText(),
        node.get("confirmed").asBoolean(),
        node.get("token").asText(),
        node.get("created").asLong(),
        node.get("updated").asLong());
  }

  /** With the URL under a name that depends on whether it stands in a list. */
  ObjectNode described(String urlMember) {
    ObjectNode node =
        Json.object()
            .put("arn", arn())
            .put("status", status.name())
            .put("createdAt", createdMillis / 1000.0)
            .put("lastUpdatedAt", updatedMillis / 1000.0);
    if (!reason.isEmpty()) {
      node.put("statusReason", reason);
    }
    node.putObject(urlMember).put("confirmationUrl", url);
    return node;
  }
}
