package dev.gatehouse.drivers.line;

import dev.gatehouse.api.device.Line;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One user's share of a line. */
final class LineHandle implements Line {
  final SharedLine line;
  private final Set<LineTask> tasks = new HashSet<>(); // guarded by this
  private boolean closed; // guarded by this

  LineHandle(SharedLine line) {
    this.line = line;
  }

  @Override
  public boolean run(Runnable work) {
    LineTask task = begin(work, null);
    if (task == null) {
      return false;
    }
    boolean queued = line.offer(task);
    if (!queued) {
      ended(task);
    }
    return queued;
  }

  @Override
  public Task after(Duration delay, Runnable work) {
    return timed(begin(work, null), delay);
  }

  @Override
  public Task repeat(Duration pause, Runnable work) {
    return timed(begin(work, pause), Duration.ZERO);
  }

  @Override
  public void close() {
    List<LineTask> left;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      left = List.copyOf(tasks);
      tasks.clear();
    }
    left.forEach(LineTask::stop);
    line.closed(this);
  }

  synchronized void ended(LineTask task) {
    tasks.remove(task);
  }

  private static Task timed(@Nullable LineTask task, Duration delay) {
    if (task == null) {
      return () -> {};
    }
    task.runAfter(delay);
    return task;
  }

  /** Remembers a task; null if the handle is closed. */
  private synchronized @Nullable LineTask begin(Runnable work, @Nullable Duration pause) {
    if (closed) {
      return null;
    }
    LineTask task = new LineTask(this, work, pause);
    tasks.add(task);
    return task;
  }
}
