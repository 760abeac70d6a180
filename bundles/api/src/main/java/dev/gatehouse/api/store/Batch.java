package dev.gatehouse.api.store;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A list of changes that happen together. Built by one thread, then handed to {@link Store#commit}
 * and not changed any more; arrays given to it belong to it.
 */
public final class Batch {
  private final List<Change> changes = new ArrayList<>();
  private boolean urgent;

  /** Sets a row. */
  public Batch put(String table, byte[] key, byte[] value) {
    return add(new Put(table, key, value));
  }

  /** Removes a row; no effect if there is none. */
  public Batch delete(String table, byte[] key) {
    return add(new Delete(table, key));
  }

  /** The whole batch fails with {@link StoreConflictException} unless the key is absent. */
  public Batch expectAbsent(String table, byte[] key) {
    return add(new Expect(table, key, null));
  }

  /** The whole batch fails with {@link StoreConflictException} unless the row has this value. */
  public Batch expect(String table, byte[] key, byte[] value) {
    return add(new Expect(table, key, value));
  }

  /**
   * Appends to a queue.
   *
   * @param number greater than any appended before to the same queue
   */
  public Batch append(String queue, long number, byte[] header, byte[] value) {
    return append(List.of(new Target(queue, number, header)), value);
  }

  /** Appends one value, stored once, to several queues. */
  public Batch append(List<Target> targets, byte[] value) {
    return add(new Append(List.copyOf(targets), value));
  }

  /** Removes the entries up to and with {@code upTo} from a queue. */
  public Batch trim(String queue, long upTo) {
    return add(new Trim(queue, upTo));
  }

  /** Removes a queue with all its entries; its numbering may begin anew. */
  public Batch drop(String queue) {
    return add(new Drop(queue));
  }

  /**
   * Lets the batch use the space that a store keeps for the time when its disk is full. For small
   * batches that take rights away, or without which a client cannot fetch what is stored for it.
   * Batches that only remove, or that make rows smaller, need no such word.
   */
  public Batch urgent() {
    urgent = true;
    return this;
  }

  /** Whether {@link #urgent} was called. */
  public boolean isUrgent() {
    return urgent;
  }

  /** The changes, in order. */
  public List<Change> changes() {
    return Collections.unmodifiableList(changes);
  }

  private Batch add(Change change) {
    changes.add(change);
    return this;
  }

  /** One change. */
  public sealed interface Change {}

  /** See {@link Batch#put}. */
  public record Put(String table, byte[] key, byte[] value) implements Change {}

  /** See {@link Batch#delete}. */
  public record Delete(String table, byte[] key) implements Change {}

  /** See {@link Batch#expect}; a null value stands for absence. */
  public record Expect(String table, byte[] key, byte @Nullable [] value) implements Change {}

  /** See {@link Batch#append(List, byte[])}. */
  public record Append(List<Target> targets, byte[] value) implements Change {}

  /** See {@link Batch#trim}. */
  public record Trim(String queue, long upTo) implements Change {}

  /** See {@link Batch#drop}. */
  public record Drop(String queue) implements Change {}

  /**
   * Where an appended value goes.
   *
   * @param header what differs from queue to queue
   */
  public record Target(String queue, long number, byte[] header) {}
}
