package dev.gatehouse.drivers.line;

import dev.gatehouse.api.device.Line;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A task of a handle, which may repeat. */
final class LineTask implements Line.Task, Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(LineTask.class);

  final LineHandle handle;
  private final Runnable work;
  private final @Nullable Duration pause;
  private @Nullable Future<?> timed; // guarded by this
  private boolean cancelled; // guarded by this
  private boolean failing; // logged once until it succeeds; the line's one worker at a time

  /**
   * A task.
   *
   * @param pause between two runs; null for a task that runs once
   */
  LineTask(LineHandle handle, Runnable work, @Nullable Duration pause) {
    this.handle = handle;
    this.work = work;
    this.pause = pause;
  }

  @Override
  public void run() {
    if (isCancelled()) {
      return;
    }
    try {
      work.run();
      failing = false;
    } catch (RuntimeException e) {
      if (!failing) {
        LOG.error("event=line-task-failed line={}", handle.line.id(), e);
      }
      failing = true;
    }
    if (pause == null) {
      handle.ended(this);
    } else {
      runAfter(pause);
    }
  }

  /** Queues the task at its line after a delay. */
  synchronized void runAfter(Duration delay) {
    if (cancelled) {
      return;
    }
    try {
      timed = handle.line.schedule(this, delay);
    } catch (RejectedExecutionException stopped) {
      cancelled = true; // the scheduler is being stopped, and with it every line
    }
  }

  @Override
  public void cancel() {
    stop();
    handle.ended(this);
  }

  synchronized void stop() {
    cancelled = true;
    if (timed != null) {
      timed.cancel(false);
    }
  }

  private synchronized boolean isCancelled() {
    return cancelled;
  }
}
