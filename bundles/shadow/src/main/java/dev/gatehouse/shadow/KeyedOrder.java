package dev.gatehouse.shadow;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Runs what has the same key one after the other, each when the stage of the one before is done.
 */
final class KeyedOrder<K> {
  private final Map<K, CompletableFuture<?>> tails = new ConcurrentHashMap<>();

  <T> CompletionStage<T> run(K key, Supplier<CompletionStage<T>> task) {
    CompletableFuture<T> result = new CompletableFuture<>();
    CompletableFuture<?> former = tails.put(key, result);
    if (former == null) {
      start(key, task, result);
    } else {
      former.whenComplete((done, failure) -> start(key, task, result));
    }
    return result;
  }

  private <T> void start(K key, Supplier<CompletionStage<T>> task, CompletableFuture<T> result) {
    CompletionStage<T> stage;
    try {
      stage = task.get();
    } catch (RuntimeException e) {
      stage = CompletableFuture.failedFuture(e);
    }
    stage.whenComplete(
        (value, failure) -> {
          tails.remove(key, result);
          if (failure != null) {
            result.completeExceptionally(failure);
          } else {
            result.complete(value);
          }
        });
  }

  /** How many keys are at work. */
  int size() {
    return tails.size();
  }
}
