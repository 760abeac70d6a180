package dev.gatehouse.store;

import dev.gatehouse.store.FileTable.OpenFile;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the journal short: when it has grown past the state's own size, or an hour after the last
 * change, the state is copied to a checkpoint, which is read back and checked. Then the journal
 * before it is deleted.
 *
 * <p>Of a small state two generations stay, so that a damaged checkpoint can be done without. A
 * large state, or a full disk, has room for one: the disk holds at most about twice the state.
 */
final class Checkpointer {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpointer.class);

  /** Bytes of a checkpoint up to which the generation before it is kept. */
  private static final long SMALL_BYTES = 16 << 20;

  /** Between two attempts to free a full disk. */
  private static final long FREEING_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Journal journal;
  private final FileTable table;
  private final State state;
  private final EntryReader reader;
  private final StoreCounters counters;
  private final Committer committer;
  private final DiskSpace space;
  private final long minimumJournalBytes;
  private long freedAtNanos = System.nanoTime() - FREEING_NANOS; // the committer's thread only
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
      DiskSpace space,
      long minimumJournalBytes) {
    this.journal = journal;
    this.table = table;
    this.state = state;
    this.reader = reader;
    this.counters = counters;
    this.committer = committer;
    this.space = space;
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

  /** Where checkpoints are made; what reads the journal's files runs here, between two of them. */
  Executor executor() {
    return executor;
  }

  private long journalBytes() {
    return journal.appendedBytes() - journalBytesAtLast.get();
  }

  /** Called after each group, on the committer's thread: begins a checkpoint if it is time. */
  void afterCommit() {
    if (space.low()) {
      free();
    } else if (journalBytes() > minimumJournalBytes && journalBytes() > state.bytes()) {
      request();
    }
  }

  /** On a full disk a checkpoint gives back what was removed, if there is room to write it. */
  private void free() {
    if (System.nanoTime() - freedAtNanos >= FREEING_NANOS
        && journalBytes() > 2 * state.bytes()
        && space.hasRoomFor(2 * state.bytes())) {
      freedAtNanos = System.nanoTime();
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
    OpenFile named = written(name, from[0], moved);
    long size = named.handle().size();
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
    boolean both = size <= SMALL_BYTES && !space.low();
    committer.run(() -> journal.retire(both ? obsolete(before) : allBefore(before, from[0]))).get();
    journalBytesAtLast.set(bytes[0]);
    counters.checkpointed();
    LOG.info("event=store-checkpoint sequence={} bytes={}", from[0], size);
  }

  /** Writes a checkpoint, checks it and gives it its name; leaves nothing behind if that fails. */
  private OpenFile written(String name, long first, List<Moved> moved) throws IOException {
    String draft = name + Journal.DRAFT;
    table.delete(draft);
    try {
      OpenFile file = table.create(draft, journal.epoch(), first);
      long size =
          new CheckpointWriter(state, reader, file, counters)
              .write(journal::durable, (q, n, location) -> moved.add(new Moved(q, n, location)));
      requireWhole(file, size);
      table.close(file);
      table.layer().rename(draft, name);
    } catch (IOException | RuntimeException e) {
      table.delete(draft);
      throw e;
    }
    table.layer().syncDirectory();
    return table.open(name);
  }

  private static void requireWhole(OpenFile file, long size) throws IOException {
    FrameReader frames = new FrameReader(file.handle());
    long position = FileTable.HEADER;
    while (position < size) {
      Frame frame = frames.at(position);
      if (frame == null) {
        throw new IOException(file.name() + " reads back damaged at offset " + position);
      }
      position = frame.end();
    }
  }

  /** Everything but the newest checkpoint and what came behind it. */
  private static List<String> allBefore(List<String> files, long checkpoint) {
    return files.stream().filter(name -> FileTable.sequence(name) <= checkpoint).toList();
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
