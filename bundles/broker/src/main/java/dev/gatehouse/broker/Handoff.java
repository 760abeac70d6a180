package dev.gatehouse.broker;

import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.PublishOutcome;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.store.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One publish whose outcome matters: gathers for whom it must be durable and who confirms it. Used
 * by one thread.
 */
final class Handoff {
  private final Message message;
  private final @Nullable ClientSession publisher;
  private final Ledger ledger;
  private final Counters counters;
  private final List<SessionSubscription> durable = new ArrayList<>(0);
  private final List<CompletableFuture<Void>> confirmations = new ArrayList<>(0);
  private Retained.@Nullable Update retained;
  private boolean reached;
  private boolean refused;

  Handoff(Message message, @Nullable ClientSession publisher, Ledger ledger, Counters counters) {
    this.message = message;
    this.publisher = publisher;
    this.ledger = ledger;
    this.counters = counters;
  }

  /** Hands it to those that need nothing durable, and remembers the others. */
  void to(Subscriber[] subscribers) {
    for (Subscriber subscriber : subscribers) {
      if (subscriber instanceof MailboxSubscriber mailbox) {
        reached = true;
        to(mailbox);
        continue;
      }
      SessionSubscription target = Router.target(subscriber, publisher);
      if (target != null) {
        reached = true;
        to(target);
      }
    }
  }

  private void to(SessionSubscription target) {
    if (target.qosOf(message) == QoS.AT_MOST_ONCE) {
      if (target.session.outbox.offerOnce(message, target)) {
        counters.delivered.increment();
      }
    } else if (target.session.durable()) {
      durable.add(target);
    } else {
      target.session.outbox.offer(message, target);
    }
  }

  private void to(MailboxSubscriber mailbox) {
    CompletableFuture<Void> stage = mailbox.offer(message);
    if (stage == MailboxSubscriber.REFUSED) {
      refused |= message.qos() != QoS.AT_MOST_ONCE;
    } else if (stage != MailboxSubscriber.TAKEN) {
      confirmations.add(stage);
    }
  }

  void retain(Retained store) {
    retained = store.new Update(message);
  }

  /**
   * Makes durable what has to be; completes when all is done.
   *
   * @param others changes to store with it, if any
   */
  CompletionStage<PublishOutcome> finish(@Nullable Consumer<Batch> others) {
    CompletionStage<Boolean> stored = store(others);
    if (stored == null && confirmations.isEmpty()) {
      return Router.settled(outcome(true));
    }
    CompletionStage<Boolean> all =
        stored == null ? CompletableFuture.completedFuture(true) : stored;
    for (CompletableFuture<Void> confirmation : confirmations) {
      all = all.thenCombine(confirmation, (isDurable, nothing) -> isDurable);
    }
    return all.thenApply(this::outcome);
  }

  /** Null if nothing has to be stored. */
  private @Nullable CompletionStage<Boolean> store(@Nullable Consumer<Batch> others) {
    Retained.Update update = retained;
    if (update == null && others == null && durable.isEmpty()) {
      return null;
    }
    Consumer<Batch> changes =
        batch -> {
          if (update != null) {
            update.addTo(batch);
          }
          if (others != null) {
            others.accept(batch);
          }
        };
    CompletionStage<Boolean> stage =
        durable.isEmpty() ? ledger.commit(changes) : ledger.append(message, durable, changes);
    if (update == null) {
      return stage;
    }
    return stage.thenApply(
        isDurable -> {
          update.committed(isDurable);
          return isDurable;
        });
  }

  private PublishOutcome outcome(boolean isDurable) {
    if (!isDurable) {
      return PublishOutcome.STORE_UNAVAILABLE;
    }
    if (refused || (retained != null && retained.refused())) {
      return PublishOutcome.QUOTA_EXCEEDED;
    }
    return reached ? PublishOutcome.DELIVERED : PublishOutcome.NO_SUBSCRIBERS;
  }
}
