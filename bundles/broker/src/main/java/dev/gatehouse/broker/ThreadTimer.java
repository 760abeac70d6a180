package dev.gatehouse.broker;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The timer of a running broker: one thread. Its tasks are bounded by the sessions. */
final class ThreadTimer implements Timer, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ThreadTimer.class);
  private final ScheduledThreadPoolExecutor executor;

  ThreadTimer() {
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "gatehouse-broker-timer");
              thread.setDaemon(true);
              return thread;
            },
            // what is due after the end is not done
            new ThreadPoolExecutor.DiscardPolicy());
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public Task after(Duration delay, Runnable action) {
    Future<?> due = executor.schedule(() -> run(action), delay.toMillis(), TimeUnit.MILLISECONDS);
    return () -> due.cancel(false);
  }

  @Override
  public Duration now() {
    return Duration.ofNanos(System.nanoTime());
  }

  private static void run(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      LOG.error("event=timer-task-failed", e);
    }
  }

  @Override
  public void close() {
    executor.shutdown();
  }
}
