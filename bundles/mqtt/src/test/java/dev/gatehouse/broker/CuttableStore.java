package dev.gatehouse.broker;

import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.Queue;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.api.store.StoreStatus;
import dev.gatehouse.api.store.StoreUnavailableException;
import dev.gatehouse.api.store.Table;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One life of a store: whoever holds it after a crash writes nothing any more. */
final class CuttableStore implements Store {
  private final Store store;
  private volatile boolean cut;

  CuttableStore(Store store) {
    this.store = store;
  }

  void cut() {
    cut = true;
  }

  @Override
  public Table table(String name) {
    return store.table(name);
  }

  @Override
  public Queue queue(String name) {
    return store.queue(name);
  }

  @Override
  public CompletionStage<Void> commit(Batch batch) {
    return cut
        ? CompletableFuture.failedFuture(new StoreUnavailableException("crashed", false, null))
        : store.commit(batch);
  }

  @Override
  public StoreStatus status() {
    return store.status();
  }

  @Override
  public CompletionStage<Backup> backup(Path directory) {
    return store.backup(directory);
  }
}
