package dev.gatehouse.broker;

import dev.gatehouse.api.message.Mailbox;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.MessageHandler;
import dev.gatehouse.api.message.QoS;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A mailbox at work: messages wait in order, one thread at a time hands them to the handler. A
 * mailbox gives its thread back after a while, so that none starves the others.
 */
final class MailboxRunner {
  private static final Logger LOG = LoggerFactory.getLogger(MailboxRunner.class);
  private static final int TURN = 32;
  private static final long LOG_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** What a full mailbox answers to the publisher. */
  static final CompletableFuture<Boolean> REFUSED = CompletableFuture.completedFuture(false);

  private static final CompletableFuture<Boolean> TAKEN = CompletableFuture.completedFuture(true);

  private final Mailbox options;
  private final MessageHandler handler;
  private final Executor workers;
  private final BrokerCounters counters;
  private final ArrayDeque<Waiting> queue = new ArrayDeque<>(); // guarded by this
  private final AtomicLong loggedAt = new AtomicLong(System.nanoTime() - LOG_NANOS);
  private boolean scheduled; // guarded by this
  private boolean closed; // guarded by this
  private boolean calling; // guarded by this
  private @Nullable Thread caller; // guarded by this

  private record Waiting(Message message, CompletableFuture<Boolean> done) {}

  MailboxRunner(
      Mailbox options, MessageHandler handler, Executor workers, BrokerCounters counters) {
    this.options = options;
    this.handler = handler;
    this.workers = workers;
    this.counters = counters;
  }

  /**
   * Puts a message in.
   *
   * @return completes with true when the publisher need not wait any more, false if it was refused
   */
  CompletableFuture<Boolean> offer(Message message) {
    boolean confirmed = options.confirmed() && message.qos() != QoS.AT_MOST_ONCE;
    CompletableFuture<Boolean> done = confirmed ? new CompletableFuture<>() : TAKEN;
    synchronized (this) {
      if (closed) {
        return TAKEN;
      }
      if (queue.size() >= options.capacity()) {
        counters.mailboxOverflow();
        if (options.overflow() == Mailbox.Overflow.REFUSE) {
          return message.qos() == QoS.AT_MOST_ONCE ? TAKEN : REFUSED;
        }
        if (options.overflow() == Mailbox.Overflow.DROP_NEWEST) {
          return TAKEN;
        }
        queue.removeFirst().done().complete(true);
      }
      queue.addLast(new Waiting(message, done));
      if (scheduled) {
        return done;
      }
      scheduled = true;
    }
    workers.execute(this::turn);
    return done;
  }

  private void turn() {
    for (int i = 0; i < TURN; i++) {
      Waiting next;
      synchronized (this) {
        next = closed ? null : queue.pollFirst();
        if (next == null) {
          scheduled = false;
          return;
        }
        calling = true;
        caller = Thread.currentThread();
      }
      try {
        call(next);
      } finally {
        synchronized (this) {
          calling = false;
          caller = null;
          notifyAll();
        }
      }
    }
    workers.execute(this::turn);
  }

  private void call(Waiting next) {
    try {
      handler
          .onMessage(next.message())
          .whenComplete(
              (done, failure) -> {
                if (failure != null) {
                  failed(next.message(), failure);
                }
                next.done().complete(true);
              });
    } catch (RuntimeException e) {
      failed(next.message(), e);
      next.done().complete(true);
    }
  }

  private void failed(Message message, Throwable failure) {
    counters.handlerFailed();
    long now = System.nanoTime();
    long last = loggedAt.get();
    if (now - last >= LOG_NANOS && loggedAt.compareAndSet(last, now)) {
      LOG.warn(
          "event=handler-failed mailbox={} topic={} traceId={}",
          options.name(),
          message.topic(),
          message.traceId(),
          failure);
    }
  }

  /**
   * When this returns no further call begins; called from a handler it does not wait for itself.
   */
  void close() {
    boolean interrupted = false;
    synchronized (this) {
      closed = true;
      queue.forEach(waiting -> waiting.done().complete(true));
      queue.clear();
      while (calling && caller != Thread.currentThread()) {
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
