package dev.gatehouse.broker;

import dev.gatehouse.api.memory.MemoryShare;
import dev.gatehouse.api.message.Mailbox;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.MessageHandler;
import dev.gatehouse.api.message.QoS;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
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

  private static final Logger LOG = LoggerFactory.getLogger(MailboxSubscriber.class);
  private static final int BURST = 64; // then other mailboxes have their turn
  private static final long CLOSING_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Mailbox mailbox;
  private final MessageHandler handler;
  private final Executor pool;
  private final Counters counters;
  private final MemoryShare memory;

  // guarded by this
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final Lease lease;
  private boolean scheduled;
  private boolean closed;
  private @Nullable Thread caller;
  private long failures;

  MailboxSubscriber(
      Mailbox mailbox,
      MessageHandler handler,
      Executor pool,
      Counters counters,
      MemoryShare memory) {
    this.mailbox = mailbox;
    this.memory = memory;
    this.lease = new Lease(memory);
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
    Waiting next =
        new Waiting(message, message.heapBytes(), confirm ? new CompletableFuture<>() : TAKEN);
    List<Waiting> evicted = List.of();
    boolean taken;
    boolean wake;
    synchronized (this) {
      if (closed) {
        return TAKEN;
      }
      taken = takeRoom(next.bytes);
      if (!taken) {
        counters.drop(Counters.Drop.MAILBOX_FULL);
        if (mailbox.overflow() == Mailbox.Overflow.DROP_OLDEST) {
          evicted = new ArrayList<>(1);
          taken = evictFor(next.bytes, evicted);
        }
      }
      if (taken) {
        waiting.add(next);
      }
      wake = taken && !scheduled;
      scheduled |= taken;
    }
    evicted.forEach(each -> each.done.complete(null));
    if (wake) {
      pool.execute(this::run);
    }
    if (!taken) {
      return mailbox.overflow() == Mailbox.Overflow.REFUSE ? REFUSED : TAKEN;
    }
    return next.done;
  }

  /** One mailbox gets a quarter of the memory at most, unless nothing waits in it. */
  private boolean takeRoom(long bytes) {
    boolean mayGrow =
        waiting.size() < mailbox.capacity()
            && (waiting.isEmpty() || lease.used() + bytes <= memory.limitBytes() / 4);
    return mayGrow && lease.tryUse(bytes);
  }

  private boolean evictFor(long bytes, List<Waiting> evicted) {
    for (Waiting oldest = waiting.poll(); oldest != null; oldest = waiting.poll()) {
      evicted.add(oldest);
      lease.free(oldest.bytes);
      if (takeRoom(bytes)) {
        return true;
      }
    }
    return false;
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
        lease.free(next.bytes);
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
      LOG.warn("event=handler-failed mailbox={} failures={}", mailbox.name(), count, failure);
    }
  }

  /** Completes when what waits now has been handed over. It goes on taking messages. */
  CompletableFuture<Void> drained() {
    Waiting last = new Waiting(null, 0, new CompletableFuture<>());
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
      lease.free(lease.used());
    }
    left.forEach(each -> each.done.complete(null));
    awaitCaller();
  }

  private synchronized void awaitCaller() {
    long end = System.nanoTime() + CLOSING_NANOS;
    while (caller != null && caller != Thread.currentThread()) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        LOG.warn("event=mailbox-close-timeout mailbox={}", mailbox.name());
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
   * @param bytes that the message takes in memory
   */
  private record Waiting(@Nullable Message message, long bytes, CompletableFuture<Void> done) {}
}
