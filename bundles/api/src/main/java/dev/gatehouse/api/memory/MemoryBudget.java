package dev.gatehouse.api.memory;

import org.osgi.annotation.versioning.ProviderType;

/**
 * The bytes of heap that clients may make the gateway hold, derived from the size of the heap and
 * divided into shares. Each component opens a share for each kind of data that a client can make
 * grow, takes bytes from it before the data is kept, and releases them when the data is gone.
 *
 * <p>Shares never lend to each other. So a flood of one kind, such as long topic filters, cannot
 * take the memory that another kind, such as an administrator's call, needs.
 */
@ProviderType
public interface MemoryBudget {

  /** The bytes of all shares together, at least 8 MiB. */
  long totalBytes();

  /**
   * Opens a share.
   *
   * @param name lower case with dots, the component first, such as {@code broker.subscriptions};
   *     the label of the share's metrics
   * @param percent of {@link #totalBytes()}, 1 to 100
   * @return the share; close it when the component stops
   * @throws IllegalArgumentException if the percentage is out of range
   * @throws IllegalStateException if a share of this name is open, or if the open shares would
   *     promise more than the whole budget
   */
  MemoryShare open(String name, int percent);
}
