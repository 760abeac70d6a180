package dev.gatehouse.drivers.line;

import dev.gatehouse.api.device.Line;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One line: a queue of due tasks that one thread at a time works off. */
final class SharedLine {
  private final String id;
  private final ScheduledExecutorService timer;
  private final ExecutorService workers;
  private final Consumer<SharedLine> onUnused;

  private final Queue<LineTask> due = new ArrayDeque<>(); // guarded by this
  private int handles; // guarded by this
  private int waiting; // one-shot tasks in the queue; guarded by this
  private boolean working; // whether a worker has the queue; guarded by this
  private boolean stopped; // guarded by this
  private @Nullable LineTask current; // guarded by this
  private @Nullable Thread worker; // guarded by this

  SharedLine(
      String id,
      ScheduledExecutorService timer,
      ExecutorService workers,
      Consumer<SharedLine> onUnused) {
    this.id = id;
    this.timer = timer;
    this.workers = workers;
    this.onUnused = onUnused;
  }

  String id() {
    return id;
  }

  synchronized Line open() {
    handles++;
    return new LineHandle(this);
  }

  synchronized boolean isUnused() {
    return handles == 0;
  }

  /** Queues a task unless too many wait. */
  synchronized boolean offer(LineTask task) {
    if (waiting >= Line.MAX_WAITING) {
      return false;
    }
    waiting++;
    return add(task);
  }

  /** Queues a task that was scheduled; its owner sees to it that it is queued once at most. */
  synchronized void scheduled(LineTask task) {
    waiting++;
    add(task);
  }

  Future<?> schedule(LineTask task, Duration delay) {
    return timer.schedule(() -> scheduled(task), delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Takes a closed handle's tasks out of the queue and interrupts the one that runs. */
  void closed(LineHandle handle) {
    synchronized (this) {
      handles--;
      int before = due.size();
      due.removeIf(task -> task.handle == handle);
      waiting -= before - due.size();
      if (current != null && current.handle == handle && worker != null) {
        worker.interrupt();
      }
    }
    onUnused.accept(this);
  }

  /** Drops what waits. The worker ends after its task. */
  synchronized void stop() {
    stopped = true;
    due.clear();
    waiting = 0;
  }

  private boolean add(LineTask task) {
    if (stopped) {
      waiting--;
      return false;
    }
    due.add(task);
    if (!working) {
      try {
        workers.execute(this::work);
        working = true;
      } catch (RejectedExecutionException stopped) {
        due.remove(task);
        waiting--;
        return false;
      }
    }
    return true;
  }

  private void work() {
    LineTask task = next();
    while (task != null) {
      task.run();
      task = next();
    }
  }

  private synchronized @Nullable LineTask next() {
    // An interruption was meant for the task that has ended.
    Thread.interrupted();
    current = due.poll();
    if (current == null) {
      working = false;
      worker = null;
    } else {
      waiting--;
      worker = Thread.currentThread();
    }
    return current;
  }
}
