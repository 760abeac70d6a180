package dev.gatehouse.api.memory;

import org.osgi.annotation.versioning.ProviderType;

/**
 * A part of the {@link MemoryBudget}. Safe for use by many threads; no method blocks.
 *
 * <p>Callers count what the data costs on the heap, not only its length on the wire: the objects
 * around it, and two bytes for each character of text that is not Latin-1.
 */
@ProviderType
public interface MemoryShare extends AutoCloseable {

  /**
   * Takes bytes if the share has room for them.
   *
   * @param bytes 0 or more
   * @return whether the bytes were taken; false counts as one refusal in the metrics, and the
   *     caller then refuses the client's request in the form of the protocol
   */
  boolean tryTake(long bytes);

  /**
   * Takes bytes even beyond the limit. Only for data that must be kept, such as subscriptions that
   * are read from the store at start; the excess makes {@link #tryTake} fail for others.
   *
   * @param bytes 0 or more
   */
  void take(long bytes);

  /**
   * Gives back bytes that were taken.
   *
   * @param bytes 0 or more, at most what the caller has taken and not yet released
   */
  void release(long bytes);

  /** The bytes that {@link #tryTake} gives out at most. */
  long limitBytes();

  /** The bytes taken now. */
  long usedBytes();

  /** Ends the share, whatever is still taken from it. Its name and percentage become free. */
  @Override
  void close();
}
