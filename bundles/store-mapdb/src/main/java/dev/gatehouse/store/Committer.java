package dev.gatehouse.store;

import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.StoreConflictException;
import dev.gatehouse.api.store.StoreUnavailableException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that changes the store. Whoever commits while a sync is under way waits for the
 * next one together: the busier, the larger the groups. Stages complete in the order of their
 * commits on a second thread, so that what depends on them does not hold up the next group; when
 * nothing waits, on the writer's own, which saves a lone writer the change of threads.
 */
final class Committer {
  private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
  private static final long MAX_WAITING_BYTES = 32L << 20;
  private static final int MAX_WAITING = 100_000;

  /** Waking a thread takes about as long. */
  private static final long SPIN_NANOS =
      Runtime.getRuntime().availableProcessors() > 1 ? TimeUnit.MICROSECONDS.toNanos(25) : 0;

  private final Journal journal;
  private final State state;
  private final DiskSpace space;
  private final StoreCounters counters;
  private final Runnable afterCommit;
  private final LinkedBlockingQueue<Task> queue = new LinkedBlockingQueue<>(MAX_WAITING);
  private final AtomicLong waitingBytes = new AtomicLong();
  private final ExecutorService completer =
      Executors.newSingleThreadExecutor(task -> thread(task, "gatehouse-store-done"));
  private final AtomicInteger completions = new AtomicInteger(); // handed to the completer
  private final Thread writer = thread(this::run, "gatehouse-store-commit");
  private volatile boolean stopping;
  private volatile @Nullable String failure;
  private long retryAtNanos; // the writer's thread only
  private @Nullable Task carried; // the writer's thread only
  private boolean hot; // the writer's thread only: the last task came at once

  /** Starts; {@code afterCommit} runs on the writer's thread after each group. */
  Committer(
      Journal journal, State state, DiskSpace space, StoreCounters counters, Runnable afterCommit) {
    this.journal = journal;
    this.state = state;
    this.space = space;
    this.counters = counters;
    this.afterCommit = afterCommit;
  }

  void start() {
    writer.start();
  }

  private static Thread thread(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Why commits fail at the moment, or null if they do not. */
  @Nullable String failure() {
    return failure;
  }

  int waiting() {
    return queue.size();
  }

  CompletableFuture<Void> commit(Batch batch) {
    Pending pending = new Pending(batch, BatchCodec.maxSize(batch) + Frame.HEADER);
    if (pending.size > Frame.MAX_BODY) {
      return refused("a batch of " + pending.size + " bytes is larger than " + Frame.MAX_BODY);
    }
    if (stopping) {
      return refused("the store is closed");
    }
    long waiting = waitingBytes.addAndGet(pending.size);
    boolean tooMuch = waiting > MAX_WAITING_BYTES && waiting > pending.size;
    if (tooMuch || !queue.offer(pending)) {
      waitingBytes.addAndGet(-pending.size);
      return refused("more than " + (MAX_WAITING_BYTES >> 20) + " MB wait to be written");
    }
    return pending.done;
  }

  /** Runs something on the writer's thread, between two groups. */
  CompletableFuture<Void> run(IoTask task) {
    Call call = new Call(task);
    if (stopping || !queue.offer(call)) {
      return refused("the store is closed or busy");
    }
    return call.done;
  }

  private CompletableFuture<Void> refused(String reason) {
    counters.failed(1);
    return CompletableFuture.failedFuture(new StoreUnavailableException(reason, false, null));
  }

  /** Commits what waits, then stops. */
  void stop() throws InterruptedException {
    stopping = true;
    Call last = new Call(() -> {});
    queue.put(last);
    writer.join(10_000);
    completer.shutdown();
    completer.awaitTermination(5, TimeUnit.SECONDS);
  }

  private void run() {
    while (!stopping || carried != null || !queue.isEmpty()) {
      try {
        Task task = carried != null ? carried : next();
        carried = null;
        if (task == null) {
          heal();
        } else if (task instanceof Call call) {
          call.run();
        } else if (task instanceof Pending pending) {
          commitGroup(group(pending));
          afterCommit.run();
        }
      } catch (InterruptedException e) {
        LOG.info("event=store-interrupted action=ignored");
      } catch (RuntimeException e) {
        LOG.error("event=store-commit-broken", e);
        failure = "internal error: " + e;
      }
    }
  }

  /** The next task, or null if none comes within a second. Spins only while that pays. */
  private @Nullable Task next() throws InterruptedException {
    long from = System.nanoTime();
    Task task = queue.poll();
    while (task == null && hot && System.nanoTime() - from < SPIN_NANOS) {
      Thread.onSpinWait();
      task = queue.poll();
    }
    if (task == null) {
      task = queue.poll(1, TimeUnit.SECONDS);
    }
    hot = System.nanoTime() - from < 2 * SPIN_NANOS;
    return task;
  }

  private List<Pending> group(Pending first) {
    List<Pending> group = new ArrayList<>();
    int bytes = first.size;
    group.add(first);
    while (bytes < journal.groupBytes()) {
      Task more = queue.poll();
      if (more instanceof Pending pending && bytes + pending.size <= journal.groupBytes()) {
        group.add(pending);
        bytes += pending.size;
      } else {
        carried = more;
        break;
      }
    }
    return group;
  }

  private void commitGroup(List<Pending> group) {
    Expectations expectations = new Expectations(state);
    List<Pending> accepted = new ArrayList<>(group.size());
    List<Batch> batches = new ArrayList<>(group.size());
    int bytes = 0;
    for (Pending pending : group) {
      waitingBytes.addAndGet(-pending.size);
      String conflict = expectations.check(pending.batch);
      if (conflict != null) {
        counters.conflicted();
        complete(pending, new StoreConflictException(conflict));
      } else if (failure != null && System.nanoTime() - retryAtNanos < 0) {
        fail(List.of(pending), failure, false, null);
      } else if (!space.admits(pending.batch, pending.size)) {
        fail(List.of(pending), space.reason(), false, null);
      } else {
        accepted.add(pending);
        batches.add(pending.batch);
        bytes += pending.size;
      }
    }
    if (!accepted.isEmpty()) {
      write(accepted, batches, bytes);
    }
  }

  private void write(List<Pending> accepted, List<Batch> batches, int bytes) {
    List<List<BatchCodec.Entry>> entries;
    try {
      entries = journal.append(batches, bytes, space.roomToWrite());
    } catch (IOException e) {
      broken(e);
      fail(accepted, "the journal cannot be written: " + e.getMessage(), true, e);
      return;
    }
    healed();
    entries.forEach(state::apply);
    counters.committed(accepted.size());
    complete(() -> accepted.forEach(pending -> pending.done.complete(null)));
  }

  private void broken(IOException cause) {
    space.writeFailed();
    retryAtNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(500);
    if (failure == null) {
      LOG.error(
          "event=store-degraded reason=\"{}\": writes are refused until it heals",
          cause.toString());
    }
    failure = "the journal cannot be written: " + cause.getMessage();
  }

  private void healed() {
    if (failure != null) {
      LOG.info("event=store-healed");
      failure = null;
    }
  }

  /** With nobody writing, see by ourselves whether writing works again. */
  private void heal() {
    space.refresh();
    if (failure != null && System.nanoTime() - retryAtNanos >= 0 && space.roomToWrite()) {
      try {
        journal.roll();
        healed();
      } catch (IOException e) {
        broken(e);
      }
    }
  }

  private void fail(
      List<Pending> group, @Nullable String reason, boolean unknown, @Nullable Throwable cause) {
    counters.failed(group.size());
    StoreUnavailableException exception =
        new StoreUnavailableException(String.valueOf(reason), unknown, cause);
    group.forEach(pending -> complete(pending, exception));
  }

  private void complete(Pending pending, RuntimeException exception) {
    complete(() -> pending.done.completeExceptionally(exception));
  }

  private void complete(Runnable completion) {
    if (completions.get() == 0 && carried == null && queue.isEmpty()) {
      completion.run();
      return;
    }
    completions.incrementAndGet();
    completer.execute(
        () -> {
          completion.run();
          completions.decrementAndGet();
        });
  }

  /** Something for the writer's thread. */
  private sealed interface Task {}

  private static final class Pending implements Task {
    final Batch batch;
    final int size;
    final CompletableFuture<Void> done = new CompletableFuture<>();

    Pending(Batch batch, int size) {
      this.batch = batch;
      this.size = size;
    }
  }

  private final class Call implements Task {
    final IoTask task;
    final CompletableFuture<Void> done = new CompletableFuture<>();

    Call(IoTask task) {
      this.task = task;
    }

    void run() {
      try {
        task.run();
        complete(() -> done.complete(null));
      } catch (IOException e) {
        broken(e);
        complete(() -> done.completeExceptionally(e));
      }
    }
  }

  /** Work on files. */
  interface IoTask {
    void run() throws IOException;
  }
}
