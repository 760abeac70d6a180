package dev.gatehouse.store;

import dev.gatehouse.store.FileTable.OpenFile;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the journal short: when it has grown past the state's own size, or an hour after the last
 * change, the state is copied to a checkpoint and what came before the checkpoint before is
 * deleted. Two generations stay, so that a damaged one can be done without.
 */
final class Checkpointer {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpointer.class);

  private final Journal journal;
  private final FileTable table;
  private final State state;
  private final EntryReader reader;
  private final StoreCounters counters;
  private final Committer committer;
  private final long minimumJournalBytes;
  private final AtomicBoolean running = new AtomicBoolean();
  private final AtomicLong journalBytesAtLast = new AtomicLong();
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "gatehouse-store-checkpoint");
            thread.setDaemon(true);
            return thread;
          });

  Checkpointer(
      Journal journal,
      FileTable table,
      State state,
      EntryReader reader,
      StoreCounters counters,
      Committer committer,
      long minimumJournalBytes) {
    this.journal = journal;
    this.table = table;
    this.state = state;
    this.reader = reader;
    this.counters = counters;
    this.committer = committer;
    this.minimumJournalBytes = minimumJournalBytes;
  }

  void start(Duration idleInterval, long replayedBytes) {
    journalBytesAtLast.set(-replayedBytes);
    long millis = idleInterval.toMillis();
    executor.scheduleWithFixedDelay(this::idle, millis, millis, TimeUnit.MILLISECONDS);
  }

  void stop() throws InterruptedException {
    executor.shutdownNow();
    executor.awaitTermination(5, TimeUnit.SECONDS);
  }

  private long journalBytes() {
    return journal.appendedBytes() - journalBytesAtLast.get();
  }

  /** Called after each group, on the committer's thread: begins a checkpoint if it is time. */
  void afterCommit() {
    if (journalBytes() > minimumJournalBytes && journalBytes() > state.bytes()) {
      request();
    }
  }

  private void idle() {
    if (journalBytes() > 0) {
      request();
    }
  }

  /** Makes a checkpoint soon, unless one is being made; completes when it is published. */
  CompletableFuture<Void> request() {
    if (!running.compareAndSet(false, true)) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> done = new CompletableFuture<>();
    executor.execute(
        () -> {
          try {
            checkpoint();
            done.complete(null);
          } catch (IOException | ExecutionException | RuntimeException e) {
            LOG.warn("event=store-checkpoint-failed reason=\"{}\"", e.toString());
            done.completeExceptionally(e);
          } catch (InterruptedException e) {
            LOG.info("event=store-checkpoint-stopped");
            done.completeExceptionally(e);
          } finally {
            running.set(false);
          }
        });
    return done;
  }

  private void checkpoint() throws IOException, ExecutionException, InterruptedException {
    long[] from = new long[1];
    long[] bytes = new long[1];
    committer
        .run(
            () -> {
              journal.roll();
              from[0] = journal.durable();
              bytes[0] = journal.appendedBytes();
            })
        .get();
    List<String> before = journal.files();
    String name = FileTable.name(FileTable.CHECKPOINT, from[0]);
    if (before.contains(name)) {
      return; // nothing has been committed since
    }
    List<Moved> moved = new ArrayList<>();
    String draft = name + Journal.DRAFT;
    table.delete(draft);
    OpenFile file = table.create(draft, journal.epoch(), from[0]);
    long size =
        new CheckpointWriter(state, reader, file, counters)
            .write(journal::durable, (q, n, location) -> moved.add(new Moved(q, n, location)));
    table.close(file);
    table.layer().rename(draft, name);
    table.layer().syncDirectory();
    OpenFile named = table.open(name);
    committer.run(() -> journal.publish(name)).get();
    // From here on entries are read from the checkpoint, so that older files can go.
    for (Moved entry : moved) {
      BatchCodec.Location at = entry.location;
      state.relocate(
          entry.queue,
          entry.number,
          new BatchCodec.Location(
              named.number(),
              at.headerPosition(),
              at.headerLength(),
              at.valuePosition(),
              at.valueLength()));
    }
    committer.run(() -> journal.retire(obsolete(before))).get();
    journalBytesAtLast.set(bytes[0]);
    counters.checkpointed();
    LOG.info("event=store-checkpoint sequence={} bytes={}", from[0], size);
  }

  /** What neither this checkpoint nor the one before it needs. */
  static List<String> obsolete(List<String> before) {
    List<String> checkpoints =
        before.stream().filter(file -> file.startsWith(FileTable.CHECKPOINT)).sorted().toList();
    if (checkpoints.isEmpty()) {
      return List.of();
    }
    String previous = checkpoints.get(checkpoints.size() - 1);
    long kept = FileTable.sequence(previous);
    List<String> segments =
        before.stream().filter(file -> file.startsWith(FileTable.SEGMENT)).sorted().toList();
    List<String> obsolete = new ArrayList<>(checkpoints.subList(0, checkpoints.size() - 1));
    for (int i = 0; i + 1 < segments.size(); i++) {
      if (FileTable.sequence(segments.get(i + 1)) <= kept + 1) {
        obsolete.add(segments.get(i));
      }
    }
    return obsolete;
  }

  private record Moved(String queue, long number, BatchCodec.Location location) {}
}
