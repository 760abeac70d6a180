package dev.gatehouse.registry;

import dev.gatehouse.api.store.Batch;
import dev.gatehouse.json.Json;
import java.util.UUID;

/**
 * Keeps a deletion and a new relation of the same thing or group apart: each new relation leaves
 * another value in a row, which the deletion expects to be as it was before it looked for
 * relations.
 */
final class Relations {
  static final String OF_THING = "registry.last-attachment";
  static final String OF_GROUP = "registry.last-member";

  private Relations() {}

  /** The batch begins a relation. */
  static void begin(Batch batch, String table, byte[] key) {
    batch.put(table, key, Rows.value(Json.object().put("id", UUID.randomUUID().toString())));
  }

  /** The batch deletes one side; called before its relations are read. */
  static void settle(Rows rows, Batch batch, String table, byte[] key) {
    Rows.expect(batch, table, key, rows.get(table, key));
    batch.delete(table, key);
  }
}
