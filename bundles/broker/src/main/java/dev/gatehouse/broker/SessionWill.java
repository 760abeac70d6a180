package dev.gatehouse.broker;

import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.session.Will;
import dev.gatehouse.api.store.Batch;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The will of one connection (MQTT 5.0, 3.1.2.5) until it is published or discarded. The will of a
 * persistent session has a row, which is put and deleted in batches that the session writes anyway.
 */
final class SessionWill {
  private static final int VERSION = 1;
  private static final int OBJECTS = 200; // bytes of heap beside the message

  final Message message;
  final long delaySeconds;
  final @Nullable BooleanSupplier stillAllowed; // null after a restart: the edge's rights decide
  private final byte @Nullable [] key; // null if it has no row
  private final @Nullable UUID session;

  // guarded by the directory, while the delay runs
  Timer.@Nullable Task due;
  @Nullable Duration dueAt; // on the timer's clock

  private SessionWill(
      Message message,
      long delaySeconds,
      @Nullable BooleanSupplier stillAllowed,
      byte @Nullable [] key,
      @Nullable UUID session) {
    this.message = message;
    this.delaySeconds = delaySeconds;
    this.stillAllowed = stillAllowed;
    this.key = key;
    this.session = session;
  }

  /** A will that came with CONNECT. */
  static SessionWill of(ClientSession session, Will will) {
    Message message = will.message();
    // a key for each connection: the next one's will must not replace one that is being published
    byte[] key =
        session.durable()
            ? Keys.of(session.realm.account, session.clientId, message.traceId().toString())
            : null;
    return new SessionWill(message, will.delaySeconds(), will.stillAllowed(), key, session.id);
  }

  /**
   * Reads a row.
   *
   * @throws RowReader.BadRowException if it is none
   */
  static SessionWill read(byte[] key, byte[] value) {
    RowReader row = new RowReader(value, VERSION);
    UUID session = new UUID(row.longNumber(), row.longNumber());
    long delaySeconds = row.longNumber();
    return new SessionWill(MessageRow.read(row.bytes()), delaySeconds, null, key, session);
  }

  /** About the bytes of heap that a will with this message takes. */
  static long heapBytes(Message message) {
    return message.heapBytes() + OBJECTS;
  }

  boolean stored() {
    return key != null;
  }

  /** Whether it was left by a connection of this session, and not by one of a session before it. */
  boolean belongsTo(ClientSession candidate) {
    return session != null && session.equals(candidate.id);
  }

  /**
   * Adds the row, if it has one.
   *
   * @param delay seconds that its delay lasts from the next start of the gateway on, if that comes
   *     before it is published
   */
  void put(Batch batch, long delay) {
    if (key == null) {
      return;
    }
    UUID id = Objects.requireNonNull(session, "a will with a row has a persistent session");
    byte[] value =
        new RowWriter(512)
            .oneByte(VERSION)
            .longNumber(id.getMostSignificantBits())
            .longNumber(id.getLeastSignificantBits())
            .longNumber(delay)
            .bytes(MessageRow.write(message))
            .toBytes();
    batch.put(Keys.WILLS, key, value);
  }

  /** Deletes the row, if it has one. */
  void delete(Batch batch) {
    if (key != null) {
      batch.delete(Keys.WILLS, key);
    }
  }
}
