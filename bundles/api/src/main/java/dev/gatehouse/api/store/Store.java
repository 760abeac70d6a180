package dev.gatehouse.api.store;

import java.nio.file.Path;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The gateway's durable state: named tables and queues of bytes. Names are 1 to 200 bytes of UTF-8
 * and appear on first use. Values begin with a format version of their owner.
 */
@ProviderType
public interface Store {

  /** A table, which need not exist yet. */
  Table table(String name);

  /** A queue, which need not exist yet. */
  Queue queue(String name);

  /**
   * Applies a batch whole or not at all. Batches take effect in the order of the calls. It becomes
   * visible to readers when it is durable, and before the stage completes.
   *
   * @return completes on a thread of the store, after the data is synced; exceptionally with {@link
   *     StoreConflictException} if an expectation did not hold, or {@link
   *     StoreUnavailableException} if it could not be made durable (then nothing of it happened,
   *     now or after a restart, or the store says so by {@link
   *     StoreUnavailableException#outcomeUnknown()})
   */
  CompletionStage<Void> commit(Batch batch);

  /** How the store is. */
  StoreStatus status();

  /**
   * Writes a consistent copy of everything committed so far while the store goes on working.
   *
   * @param directory must not exist or be empty
   * @return completes with the copy's size when it is synced
   */
  CompletionStage<Backup> backup(Path directory);

  /**
   * A finished backup.
   *
   * @param sequence of the last batch in it
   * @param bytes its size on disk
   */
  record Backup(Path directory, long sequence, long bytes) {}
}
