package dev.gatehouse.broker;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker's threads: a few for mailboxes, one for what happens later. A mailbox waits here at
 * most once, so the queue is as short as there are mailboxes.
 */
final class BrokerThreads {
  private static final Logger LOG = LoggerFactory.getLogger(BrokerThreads.class);

  private final ThreadPoolExecutor workers;
  private final ScheduledThreadPoolExecutor timer;

  BrokerThreads(int mailboxThreads) {
    workers =
        new ThreadPoolExecutor(
            mailboxThreads,
            mailboxThreads,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            named("gatehouse-broker-mailbox-"),
            BrokerThreads::tooLate);
    workers.allowCoreThreadTimeOut(true);
    timer =
        new ScheduledThreadPoolExecutor(
            1, named("gatehouse-broker-timer-"), BrokerThreads::tooLate);
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  private static ThreadFactory named(String prefix) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, prefix + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  private static void tooLate(Runnable task, ThreadPoolExecutor executor) {
    if (!executor.isShutdown()) {
      throw new RejectedExecutionException("the broker's queue of mailboxes is full");
    }
    LOG.debug("event=task-left-out reason=stopping");
  }

  ExecutorService workers() {
    return workers;
  }

  ScheduledExecutorService timer() {
    return timer;
  }

  void stop() {
    timer.shutdownNow();
    workers.shutdown();
    try {
      if (!workers.awaitTermination(2, TimeUnit.SECONDS)) {
        workers.shutdownNow();
      }
    } catch (InterruptedException e) {
      workers.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
