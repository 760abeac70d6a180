package dev.gatehouse.shadow;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Runs what has the same key one after the other, each when the stage of the one before is done. A
 * long row of tasks that are done at once is worked through in a loop, not on an ever deeper stack.
 */
final class KeyedOrder<K> {
  private final Map<K, Line> lines = new HashMap<>(); // guarded by this

  /** The tasks of one key; fields are guarded by the order. */
  private static final class Line {
    final Queue<Consumer<Line>> waiting = new ArrayDeque<>();
    boolean looping; // a thread is in work(), which starts what comes next
    boolean busy; // a task has begun and is not done
  }

  <T> CompletionStage<T> run(K key, Supplier<CompletionStage<T>> task) {
    CompletableFuture<T> result = new CompletableFuture<>();
    work(key, enter(key, line -> start(key, line, task, result)));
    return result;
  }

  private synchronized Line enter(K key, Consumer<Line> task) {
    Line line = lines.computeIfAbsent(key, absent -> new Line());
    line.waiting.add(task);
    return line;
  }

  private void work(K key, Line line) {
    boolean first = true;
    while (true) {
      Consumer<Line> next;
      synchronized (this) {
        if (first && line.looping) {
          return;
        }
        first = false;
        line.looping = true;
        if (line.busy || line.waiting.isEmpty()) {
          line.looping = false;
          if (!line.busy) {
            lines.remove(key, line);
          }
          return;
        }
        line.busy = true;
        next = line.waiting.remove();
      }
      next.accept(line);
    }
  }

  private <T> void start(
      K key, Line line, Supplier<CompletionStage<T>> task, CompletableFuture<T> result) {
    CompletionStage<T> stage;
    try {
      stage = task.get();
    } catch (RuntimeException e) {
      stage = CompletableFuture.failedFuture(e);
    }
    stage.whenComplete(
        (value, failure) -> {
          if (failure != null) {
            result.completeExceptionally(failure);
          } else {
            result.complete(value);
          }
          synchronized (this) {
            line.busy = false;
          }
          work(key, line);
        });
  }

  /** How many keys are at work. */
  synchronized int size() {
    return lines.size();
  }
}
