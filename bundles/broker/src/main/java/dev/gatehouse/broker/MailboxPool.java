package dev.gatehouse.broker;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that run internal subscribers. A mailbox stands in the queue at most once, so the
 * queue is as long as there are mailboxes.
 */
final class MailboxPool implements Executor, AutoCloseable {
  private final ThreadPoolExecutor executor;

  MailboxPool(int threads) {
    AtomicInteger number = new AtomicInteger();
    executor =
        new ThreadPoolExecutor(
            threads,
            threads,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread =
                  new Thread(task, "gatehouse-broker-mailbox-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            },
            // after the broker's end nobody is told anything
            new ThreadPoolExecutor.DiscardPolicy());
    executor.allowCoreThreadTimeOut(true);
  }

  @Override
  public void execute(Runnable task) {
    executor.execute(task);
  }

  @Override
  public void close() {
    executor.shutdown();
  }
}
