package dev.gatehouse.api.store;

import java.util.List;

/**
 * How the store is.
 *
 * @param mode what it can do now
 * @param reason why it is not {@link Mode#READ_WRITE}; empty if it is
 * @param damage what recovery found damaged, with file and offset; empty if nothing
 * @param sequence of the last durable batch
 */
public record StoreStatus(Mode mode, String reason, List<String> damage, long sequence) {

  /** Copies the list. */
  public StoreStatus {
    damage = List.copyOf(damage);
  }

  /** What the store can do. */
  public enum Mode {
    READ_WRITE,
    /** Writes fail for now and are tried again: a full or failing disk. */
    DEGRADED,
    /** Damaged beyond what can be repaired without an operator. */
    READ_ONLY
  }
}
