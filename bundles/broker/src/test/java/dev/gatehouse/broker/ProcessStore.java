package dev.gatehouse.broker;

import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.Queue;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.api.store.StoreStatus;
import dev.gatehouse.api.store.Table;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The store as one process sees it: once the process is killed, none of its commits arrives. */
final class ProcessStore implements Store {
  private final Store store;
  private boolean killed; // guarded by this

  ProcessStore(Store store) {
    this.store = store;
  }

  synchronized void kill() {
    killed = true;
  }

  @Override
  public synchronized CompletionStage<Void> commit(Batch batch) {
    return killed ? new CompletableFuture<>() : store.commit(batch);
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
  public StoreStatus status() {
    return store.status();
  }

  @Override
  public CompletionStage<Backup> backup(Path directory) {
    return store.backup(directory);
  }
}
