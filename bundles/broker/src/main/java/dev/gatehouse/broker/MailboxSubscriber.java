package dev.gatehouse.broker;

import dev.gatehouse.api.message.Mailbox;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.MessageHandler;
import dev.gatehouse.api.message.QoS;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A part of the gateway that subscribed, with its mailbox: one call at a time, in order. */
final class MailboxSubscriber extends Subscriber {
  /** The mailbox is full and refuses: identity matters. */
  static final CompletableFuture<Void> REFUSED = CompletableFuture.completedFuture(null);

  /** The message is taken, and nobody waits for the handler. */
  static final CompletableFuture<Void> TAKEN = CompletableFuture.completedFuture(null);

  private static final Logger log = LoggerFactory.getLogger(MailboxSubscriber.class);
  private static final int BURST = 64; // then other mailboxes have their turn
  private static final long CLOSING_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Mailbox mailbox;
  private final MessageHandler handler;
  private final Executor pool;
  private final Counters counters;

  // guarded by this
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private boolean scheduled;
  private boolean closed;
  private @Nullable Thread caller;
  private long failures;

  MailboxSubscriber(Mailbox mailbox, MessageHandler handler, Executor pool, Counters counters) {
    this.mailbox = mailbox;
    this.handler = handler;
    this.pool = pool;
    this.counters = counters;
  }

  Mailbox mailbox() {
    return mailbox;
  }

  synchronized int depth() {
    return waiting.size();
  }

  /** Takes a message; {@link #REFUSED}, {@link #TAKEN}, or completes when the handler is done. */
  CompletableFuture<Void> offer(Message message) {
    boolean confirm = mailbox.confirmed() && message.qos() != QoS.AT_MOST_ONCE;
    Waiting next = new Waiting(message, confirm ? new CompletableFuture<>() : TAKEN);
    Waiting evicted = null;
    boolean wake;
    synchronized (this) {
      if (closed) {
        return TAKEN;
      }
      if (waiting.size() >= mailbox.capacity()) {
        counters.drop(Counters.Drop.MAILBOX_FULL);
        if (mailbox.overflow() == Mailbox.Overflow.REFUSE) {
          return REFUSED;
        } else if (mailbox.overflow() == Mailbox.Overflow.DROP_NEWEST) {
          return TAKEN;
        }
        evicted = waiting.poll();
      }
      waiting.add(next);
      wake = !scheduled;
      scheduled = true;
    }
    if (evicted != null) {
      evicted.done.complete(null);
    }
    if (wake) {
      pool.execute(this::run);
    }
    return next.done;
  }

  private void run() {
    for (int i = 0; i < BURST; i++) {
      Waiting next;
      synchronized (this) {
        next = waiting.poll();
        if (next == null) {
          scheduled = false;
          return;
        }
        caller = Thread.currentThread();
      }
      try {
        call(next);
      } finally {
        synchronized (this) {
          caller = null;
          notifyAll();
        }
      }
    }
    pool.execute(this::run);
  }

  private void call(Waiting next) {
    Message message = next.message;
    if (message == null) {
      next.done.complete(null);
      return;
    }
    CompletionStage<?> stage;
    try {
      stage = handler.onMessage(message);
    } catch (RuntimeException | LinkageError e) {
      // a bundle that was updated under its subscription fails to link
      stage = CompletableFuture.failedFuture(e);
    }
    stage.whenComplete(
        (result, failure) -> {
          if (failure != null) {
            failed(failure);
          }
          next.done.complete(null);
        });
  }

  private void failed(Throwable failure) {
    counters.handlerFailures.increment();
    long count;
    synchronized (this) {
      count = ++failures;
    }
    // the first, the second, the fourth, ...: a handler that always fails does not fill the disk
    if (Long.bitCount(count) == 1) {
      log.warn("event=handler_failed mailbox={} failures={}", mailbox.name(), count, failure);
    }
  }

  /** Completes when what waits now has been handed over. It goes on taking messages. */
  CompletableFuture<Void> drained() {
    Waiting last = new Waiting(null, new CompletableFuture<>());
    synchronized (this) {
      if (closed || !scheduled) {
        return TAKEN; // nothing waits, and no call is under way
      }
      waiting.add(last);
    }
    return last.done;
  }

  /**
   * Ends it: when this returns no further call begins, and one that another thread runs is over.
   */
  void close() {
    Deque<Waiting> left;
    synchronized (this) {
      closed = true;
      left = new ArrayDeque<>(waiting);
      waiting.clear();
    }
    left.forEach(each -> each.done.complete(null));
    awaitCaller();
  }

  private synchronized void awaitCaller() {
    long end = System.nanoTime() + CLOSING_NANOS;
    while (caller != null && caller != Thread.currentThread()) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        log.warn("event=mailbox_close_timeout mailbox={}", mailbox.name());
        return;
      }
      try {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /**
   * What waits.
   *
   * @param message null: nothing, but somebody waits until what stood before it is handed over
   */
  private record Waiting(@Nullable Message message, CompletableFuture<Void> done) {}
}
