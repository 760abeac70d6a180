package dev.gatehouse.api.store;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A sequence of entries, appended and trimmed by batches. The owner numbers entries upward from any
 * number; gaps are fine. Counts are in memory; entries are read from disk.
 */
@ProviderType
public interface Queue {

  /** Number of entries. */
  long size();

  /** Sum of the sizes of headers and values, in bytes. */
  long bytes();

  /** Number of the last entry ever appended, also if trimmed since; -1 if none was. */
  long last();

  /**
   * The next entries, in order. Never blocks.
   *
   * @param from lowest number wanted
   * @param maxEntries at least 1
   * @param maxBytes stops after the entry that reaches it; at least one entry comes
   * @return completes on a thread of the store; exceptionally with {@link
   *     StoreUnavailableException} if an entry cannot be read
   */
  CompletionStage<List<Entry>> read(long from, int maxEntries, int maxBytes);

  /** One entry; the arrays are the caller's. */
  record Entry(long number, byte[] header, byte[] value) {}
}
