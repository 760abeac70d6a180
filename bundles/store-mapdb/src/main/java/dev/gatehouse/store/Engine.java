package dev.gatehouse.store;

import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.Queue;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.api.store.StoreStatus;
import dev.gatehouse.api.store.StoreUnavailableException;
import dev.gatehouse.api.store.Table;
import dev.gatehouse.api.telemetry.Metric;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A store over a file layer: recovered when it has been constructed, working until closed. */
final class Engine implements Store, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

  private final FileTable table;
  private final State state;
  private final Recovery.Result recovered;
  private final StoreCounters counters = new StoreCounters();
  private final Journal journal;
  private final Committer committer;
  private final Checkpointer checkpointer;
  private final EntryReader reader;
  private final DiskSpace space;
  private final ExecutorService readers =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "gatehouse-store-read");
            thread.setDaemon(true);
            return thread;
          });

  Engine(FileLayer layer, StoreSettings settings) throws IOException {
    long started = System.nanoTime();
    this.table = new FileTable(layer);
    this.state =
        new State(new Rows(settings.directory().resolve("scratch.db"), settings.memoryBytes()));
    this.recovered = new Recovery(table, state).run();
    this.journal =
        new Journal(
            table,
            recovered.epoch(),
            settings.segmentBytes(),
            recovered.files(),
            recovered.last(),
            counters);
    this.space = new DiskSpace(layer, settings.reserveBytes(), state);
    this.reader = new EntryReader(state, table);
    this.committer = new Committer(journal, state, space, counters, this::afterCommit);
    this.checkpointer =
        new Checkpointer(
            journal, table, state, reader, counters, committer, space, settings.checkpointBytes());
    if (recovered.unusable() == null) {
      for (String name : layer.list()) {
        if (name.endsWith(Journal.DRAFT)) {
          layer.delete(name); // a checkpoint that was not finished
        }
      }
      committer.start();
      checkpointer.start(settings.idleCheckpoint(), recovered.replayedBytes());
      if (!recovered.damage().isEmpty()) {
        checkpointer.request(); // so that the damaged files are no longer needed
      }
    } else {
      LOG.error("event=store-read-only reason=\"{}\"", recovered.unusable());
    }
    LOG.info(
        "event=store-open sequence={} replayedBytes={} damage={} millis={}",
        recovered.last(),
        recovered.replayedBytes(),
        recovered.damage().size(),
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started));
  }

  private void afterCommit() {
    checkpointer.afterCommit();
  }

  /** Bytes of all rows and of all entries of queues. */
  long storedBytes() {
    return state.bytes();
  }

  /** Makes a checkpoint now. */
  CompletableFuture<Void> checkpoint() {
    return checkpointer.request();
  }

  @Override
  public Table table(String name) {
    Rows.requireName(name);
    return new StoredTable(name);
  }

  @Override
  public Queue queue(String name) {
    Rows.requireName(name);
    return new StoredQueue(name);
  }

  @Override
  public CompletionStage<Void> commit(Batch batch) {
    if (recovered.unusable() != null) {
      return CompletableFuture.failedFuture(readOnly());
    }
    return committer.commit(batch);
  }

  @Override
  public StoreStatus status() {
    if (recovered.unusable() != null) {
      return new StoreStatus(
          StoreStatus.Mode.READ_ONLY, recovered.unusable(), recovered.damage(), recovered.last());
    }
    @Nullable String failure = space.low() ? space.reason() : committer.failure();
    return new StoreStatus(
        failure == null ? StoreStatus.Mode.READ_WRITE : StoreStatus.Mode.DEGRADED,
        failure == null ? "" : failure,
        recovered.damage(),
        journal.durable());
  }

  @Override
  public CompletionStage<Backup> backup(Path directory) {
    if (recovered.unusable() != null) {
      return CompletableFuture.failedFuture(readOnly());
    }
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return new StoreBackup(table, state, journal, committer, counters).write(directory);
          } catch (IOException e) {
            throw new StoreUnavailableException("backup failed: " + e.getMessage(), false, e);
          }
        },
        checkpointer.executor());
  }

  private StoreUnavailableException readOnly() {
    return new StoreUnavailableException(
        "the store is read-only: " + recovered.unusable(), false, null);
  }

  List<Metric> metrics() {
    return counters.metrics(committer.waiting(), state.bytes());
  }

  @Override
  public void close() throws IOException {
    try {
      if (recovered.unusable() == null) {
        checkpointer.stop();
        committer.stop();
        journal.close();
      }
      readers.shutdown();
      readers.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      LOG.warn("event=store-close-interrupted");
    } finally {
      table.closeAll();
      state.close();
    }
  }

  private final class StoredTable implements Table {
    private final String name;

    StoredTable(String name) {
      this.name = name;
    }

    @Override
    public java.util.Optional<byte[]> get(byte[] key) {
      return java.util.Optional.ofNullable(
          state.<byte @Nullable []>read(rows -> rows.get(name, key)));
    }

    @Override
    public List<Row> range(byte @Nullable [] from, byte @Nullable [] to, int limit, Order order) {
      return state.read(rows -> rows.range(name, from, to, limit, order));
    }

    @Override
    public long size() {
      return state.read(rows -> rows.size(name));
    }
  }

  private final class StoredQueue implements Queue {
    private final String name;

    StoredQueue(String name) {
      this.name = name;
    }

    @Override
    public long size() {
      return state.<Long>readQueue(name, index -> index == null ? 0L : index.size());
    }

    @Override
    public long bytes() {
      return state.<Long>readQueue(name, index -> index == null ? 0L : index.bytes());
    }

    @Override
    public long last() {
      return state.<Long>readQueue(name, index -> index == null ? -1L : index.last());
    }

    @Override
    public CompletionStage<List<Entry>> read(long from, int maxEntries, int maxBytes) {
      return CompletableFuture.supplyAsync(
          () -> {
            try {
              return reader.read(name, from, maxEntries, maxBytes).stream()
                  .map(entry -> new Entry(entry.number(), entry.header(), entry.value()))
                  .toList();
            } catch (IOException e) {
              throw new StoreUnavailableException(
                  "queue '" + name + "' cannot be read: " + e.getMessage(), false, e);
            }
          },
          readers);
    }
  }
}
