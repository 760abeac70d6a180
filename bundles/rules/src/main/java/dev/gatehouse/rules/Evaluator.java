package dev.gatehouse.rules;

import dev.gatehouse.api.memory.MemoryShare;
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
  private final MemoryShare memory;
  private final AtomicInteger waiting = new AtomicInteger();

  Evaluator(Executor pool, int capacity, MemoryShare memory) {
    this.executor = new SerialExecutor(pool);
    this.capacity = capacity;
    this.memory = memory;
  }

  /**
   * Does it soon.
   *
   * @param bytes that the message takes while it waits
   * @throws RejectedExecutionException if too many wait, or they take too much memory
   */
  CompletionStage<Void> submit(long bytes, Supplier<CompletionStage<Void>> evaluation) {
    if (waiting.incrementAndGet() > capacity) {
      waiting.decrementAndGet();
      throw new RejectedExecutionException("too many messages wait for functions of others");
    }
    if (!memory.tryTake(bytes)) {
      waiting.decrementAndGet();
      throw new RejectedExecutionException("the memory for messages that wait is in use");
    }
    CompletableFuture<CompletionStage<Void>> begun = new CompletableFuture<>();
    executor.execute(
        () -> {
          waiting.decrementAndGet();
          try {
            begun.complete(evaluation.get());
          } catch (RuntimeException e) {
            begun.completeExceptionally(e);
          } finally {
            memory.release(bytes);
          }
        });
    return begun.thenCompose(stage -> stage);
  }
}
