package dev.gatehouse.broker;

import dev.gatehouse.api.message.PublishOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What a publisher has to wait for; nothing at all for most messages. */
final class Handoff {
  private @Nullable List<CompletableFuture<PublishOutcome>> pending;

  boolean nothing() {
    return pending == null;
  }

  private void add(CompletableFuture<PublishOutcome> outcome) {
    List<CompletableFuture<PublishOutcome>> list = pending;
    if (list == null) {
      list = new ArrayList<>(2);
      pending = list;
    }
    list.add(outcome);
  }

  /** A mailbox has it, or has refused it. */
  void offered(CompletableFuture<Boolean> taken) {
    if (taken == MailboxRunner.REFUSED) {
      add(CompletableFuture.completedFuture(PublishOutcome.QUOTA_EXCEEDED));
    } else {
      add(taken.thenApply(done -> PublishOutcome.DELIVERED));
    }
  }

  /** The store is to have it. */
  void durable(CompletionStage<Void> stage) {
    add(
        stage
            .toCompletableFuture()
            .handle(
                (done, failure) ->
                    failure == null ? PublishOutcome.DELIVERED : PublishOutcome.STORE_UNAVAILABLE));
  }

  /** Completes when everything has, with the worst outcome. */
  CompletionStage<PublishOutcome> outcome() {
    List<CompletableFuture<PublishOutcome>> all = pending == null ? List.of() : pending;
    return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            done ->
                all.stream()
                    .map(CompletableFuture::join)
                    .max(PublishOutcome::compareTo)
                    .orElse(PublishOutcome.DELIVERED));
  }
}
