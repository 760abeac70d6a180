package dev.gatehouse.shadow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.json.Json;
import java.nio.ByteBuffer;

/**
 * A shadow as bytes: what the store keeps and what {@code documents} is made of, so that a state is
 * written as JSON once an update. Never modified.
 *
 * @param version of the last update; 0 before the first
 * @param usedAt seconds since the epoch of the last update, or of a retrieval to the day
 * @param deletedAtMillis when it was deleted, 0 if it was not; a deleted one only keeps its version
 * @param state JSON, UTF-8
 * @param metadata JSON, UTF-8
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares rows
record ShadowRow(long version, long usedAt, long deletedAtMillis, byte[] state, byte[] metadata) {
  private static final int OLD_FORMAT = 1;
  private static final byte FORMAT = 2;
  private static final int HEAD = 1 + 3 * Long.BYTES + Integer.BYTES;
  private static final byte[] EMPTY = {'{', '}'};

  /** What there is before the first update. */
  static final ShadowRow NONE = new ShadowRow(0, 0, 1, EMPTY, EMPTY);

  boolean exists() {
    return deletedAtMillis == 0;
  }

  ShadowRow deleted(long nowMillis) {
    return new ShadowRow(version, usedAt, nowMillis, EMPTY, EMPTY);
  }

  ShadowRow used(long now) {
    return new ShadowRow(version, now, deletedAtMillis, state, metadata);
  }

  byte[] stored() {
    return ByteBuffer.allocate(HEAD + state.length + metadata.length)
        .put(FORMAT)
        .putLong(version)
        .putLong(usedAt)
        .putLong(deletedAtMillis)
        .putInt(state.length)
        .put(state)
        .put(metadata)
        .array();
  }

  static ShadowRow restored(byte[] value) {
    if (value.length < HEAD || value[0] != FORMAT) {
      return restoredOld(value);
    }
    ByteBuffer in = ByteBuffer.wrap(value, 1, value.length - 1);
    long version = in.getLong();
    long usedAt = in.getLong();
    long deletedAtMillis = in.getLong();
    byte[] state = new byte[in.getInt()];
    in.get(state);
    byte[] metadata = new byte[in.remaining()];
    in.get(metadata);
    return new ShadowRow(version, usedAt, deletedAtMillis, state, metadata);
  }

  /** One JSON object with everything. */
  private static ShadowRow restoredOld(byte[] value) {
    ObjectNode node = Json.restored(OLD_FORMAT, value);
    return new ShadowRow(
        node.get("version").asLong(),
        node.get("timestamp").asLong(),
        node.get("deleted").asLong(),
        Json.bytes(node.get("state")),
        Json.bytes(node.get("metadata")));
  }
}
