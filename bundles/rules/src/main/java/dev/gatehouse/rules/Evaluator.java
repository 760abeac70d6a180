package dev.gatehouse.rules;

import dev.gatehouse.rules.delivery.SerialExecutor;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Evaluates a rule that waits for others: in order, and not on a thread that messages come on. */
final class Evaluator {
  private final SerialExecutor executor;
  private final int capacity;
  private final AtomicInteger waiting = new AtomicInteger();

  Evaluator(Executor pool, int capacity) {
    this.executor = new SerialExecutor(pool);
    this.capacity = capacity;
  }

  /**
   * Does it soon.
   *
   * @throws RejectedExecutionException if too many wait
   */
  CompletionStage<Void> submit(Supplier<CompletionStage<Void>> evaluation) {
    if (waiting.incrementAndGet() > capacity) {
      waiting.decrementAndGet();
      throw new RejectedExecutionException();
    }
    CompletableFuture<CompletionStage<Void>> begun = new CompletableFuture<>();
    executor.execute(
        () -> {
          waiting.decrementAndGet();
          try {
            begun.complete(evaluation.get());
          } catch (RuntimeException e) {
            begun.completeExceptionally(e);
          }
        });
    return begun.thenCompose(stage -> stage);
  }
}
