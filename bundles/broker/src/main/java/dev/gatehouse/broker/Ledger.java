package dev.gatehouse.broker;

import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.Store;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts what must be durable into one order: changes of memory and batches of the store happen
 * together under one lock, so that memory, queues and store agree on what came first. Entries of
 * all queues have their numbers from here. Nothing waits for the disk under the lock.
 */
final class Ledger {
  private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
  private static final long LOG_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final CompletableFuture<Boolean> DONE = CompletableFuture.completedFuture(true);

  private final Store store;
  private final Counters counters;
  private final Object order = new Object();
  private long last; // guarded by order
  private final AtomicLong quietUntil = new AtomicLong(System.nanoTime());

  Ledger(Store store, Counters counters) {
    this.store = store;
    this.counters = counters;
  }

  /** Numbers from now on are greater than this one. */
  void startAfter(long number) {
    synchronized (order) {
      last = Math.max(last, number);
    }
  }

  /**
   * Commits what {@code changes} fills in, in the order of memory; an empty batch is done already.
   *
   * @return true when durable, false if it is not; never exceptionally
   */
  CompletionStage<Boolean> commit(Consumer<Batch> changes) {
    Batch batch = new Batch();
    CompletionStage<Void> stage;
    synchronized (order) {
      changes.accept(batch);
      if (batch.changes().isEmpty()) {
        return DONE;
      }
      stage = submit(batch);
    }
    return stage.handle((nothing, failure) -> durable(failure));
  }

  /** Commits a batch whose order only its owner minds; as {@link #commit(Consumer)}. */
  CompletionStage<Boolean> commit(Batch batch) {
    return submit(batch).handle((nothing, failure) -> durable(failure));
  }

  /**
   * Appends one message to the queues of its persistent subscribers, with other changes in the same
   * batch, and sends it to those that are connected.
   *
   * @return as {@link #commit}
   */
  CompletionStage<Boolean> append(
      Message message, List<SessionSubscription> subscribers, Consumer<Batch> others) {
    byte[] value = MessageRow.write(message);
    List<Outbox> outboxes = new ArrayList<>(subscribers.size());
    List<Outgoing> appended = new ArrayList<>(subscribers.size());
    List<Batch.Target> targets = new ArrayList<>(subscribers.size());
    Batch batch = new Batch();
    CompletionStage<Void> stage;
    synchronized (order) {
      long number = ++last;
      boolean own = false;
      for (SessionSubscription subscriber : subscribers) {
        // besides its own subscriptions, which are one, a session may have shared ones
        boolean shared = subscriber.shared();
        if (shared || own) {
          number = ++last;
        }
        own = shared;
        Outgoing outgoing = subscriber.session.outbox.append(number, message, subscriber);
        if (outgoing != null) {
          outboxes.add(subscriber.session.outbox);
          appended.add(outgoing);
          targets.add(
              new Batch.Target(subscriber.session.outbox.queueName(), number, outgoing.header()));
        }
      }
      others.accept(batch);
      if (!targets.isEmpty()) {
        batch.append(targets, value);
      } else if (batch.changes().isEmpty()) {
        return DONE;
      }
      stage = submit(batch);
    }
    outboxes.forEach(Outbox::flush);
    return committed(stage, outboxes, appended);
  }

  /**
   * Appends messages to the queue of one session in one batch, and sends them.
   *
   * @param wanted asked under the lock
   * @param others adds other changes; told how many messages are done with, which are fewer than
   *     there are if the queue has no room for more
   * @return as {@link #commit}
   */
  CompletionStage<Boolean> appendAll(
      List<Message> messages,
      SessionSubscription to,
      Predicate<Message> wanted,
      ObjIntConsumer<Batch> others) {
    Outbox outbox = to.session.outbox;
    List<Outgoing> appended = new ArrayList<>();
    Batch batch = new Batch();
    CompletionStage<Void> stage;
    synchronized (order) {
      int done = 0;
      while (done < messages.size()) {
        Message message = messages.get(done);
        if (wanted.test(message)) {
          if (!outbox.hasRoom(message)) {
            break;
          }
          Outgoing outgoing = outbox.append(++last, message, to);
          if (outgoing != null) {
            appended.add(outgoing);
            batch.append(outbox.queueName(), last, outgoing.header(), MessageRow.write(message));
          }
        }
        done++;
      }
      others.accept(batch, done);
      if (batch.changes().isEmpty()) {
        return DONE;
      }
      stage = submit(batch);
    }
    outbox.flush();
    return committed(stage, Collections.nCopies(appended.size(), outbox), appended);
  }

  /**
   * Appends messages to the queues of sessions in one batch, and sends them; what a queue has no
   * room for is dropped.
   *
   * @return as {@link #commit}
   */
  CompletionStage<Boolean> appendEach(List<Handover.Handed> messages, Consumer<Batch> others) {
    List<Outbox> outboxes = new ArrayList<>();
    List<Outgoing> appended = new ArrayList<>();
    Batch batch = new Batch();
    CompletionStage<Void> stage;
    synchronized (order) {
      for (Handover.Handed each : messages) {
        Outbox outbox = each.to().session.outbox;
        Outgoing outgoing = outbox.append(++last, each.message(), each.to());
        if (outgoing != null) {
          outboxes.add(outbox);
          appended.add(outgoing);
          batch.append(
              outbox.queueName(), last, outgoing.header(), MessageRow.write(each.message()));
        }
      }
      others.accept(batch);
      if (batch.changes().isEmpty()) {
        return DONE;
      }
      stage = submit(batch);
    }
    outboxes.forEach(Outbox::flush);
    return committed(stage, outboxes, appended);
  }

  /** Tells outboxes what became of what they appended. */
  private CompletionStage<Boolean> committed(
      CompletionStage<Void> stage, List<Outbox> outboxes, List<Outgoing> appended) {
    return stage.handle(
        (nothing, failure) -> {
          boolean durable = durable(failure);
          for (int i = 0; i < outboxes.size(); i++) {
            outboxes.get(i).committed(appended.get(i), durable);
          }
          return durable;
        });
  }

  private CompletionStage<Void> submit(Batch batch) {
    try {
      return store.commit(batch);
    } catch (RuntimeException e) {
      // the store's bundle is going away
      return CompletableFuture.failedFuture(e);
    }
  }

  private boolean durable(@Nullable Throwable failure) {
    if (failure == null) {
      return true;
    }
    counters.storeFailures.increment();
    long quiet = quietUntil.get();
    long now = System.nanoTime();
    if (now - quiet >= 0 && quietUntil.compareAndSet(quiet, now + LOG_EVERY_NANOS)) {
      LOG.warn("event=not-durable reason=\"{}\"", failure.toString());
    }
    return false;
  }
}
