package dev.gatehouse.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.Queue;
import dev.gatehouse.api.store.Store;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** A history of batches whose effects can be checked: what was acknowledged, and wholeness. */
final class Trace {
  private final List<CompletableFuture<Void>> stages = new ArrayList<>();

  static StoreSettings settings(Path scratch) {
    return new StoreSettings(scratch, 4096, 8192, Duration.ofHours(1), 64L << 20, 64 << 10);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Commits one batch: two tables that must agree, a queue, and now and then a delete or trim. */
  void commit(Store store) {
    int i = stages.size();
    Batch batch =
        new Batch()
            .put("left", bytes("k" + i), bytes("value-" + i + "-" + "x".repeat(i % 97)))
            .put("right", bytes("k" + i), bytes("value-" + i))
            .append("queue", i, bytes("h" + i), bytes("entry-" + i));
    if (i % 7 == 6) {
      batch.delete("left", bytes("k" + (i - 5))).delete("right", bytes("k" + (i - 5)));
    }
    if (i % 10 == 9) {
      batch.trim("queue", i - 8);
    }
    stages.add(store.commit(batch).toCompletableFuture());
  }

  /** Waits for every stage, however it ends. */
  void settle() {
    for (CompletableFuture<Void> stage : stages) {
      stage.exceptionally(failure -> null).orTimeout(20, TimeUnit.SECONDS).join();
    }
  }

  int committed() {
    return stages.size();
  }

  private boolean acknowledged(int i) {
    return stages.get(i).isDone() && !stages.get(i).isCompletedExceptionally();
  }

  /** Everything acknowledged is there, and every batch is there whole or not at all. */
  void verify(Store store, String context) {
    for (int i = 0; i < stages.size(); i++) {
      boolean deleted = false;
      for (int later = i + 5; later < Math.min(stages.size(), i + 6); later++) {
        deleted = later % 7 == 6;
      }
      Optional<byte[]> left = store.table("left").get(bytes("k" + i));
      Optional<byte[]> right = store.table("right").get(bytes("k" + i));
      assertThat(left.isPresent())
          .as("%s: batch %s is half there", context, i)
          .isEqualTo(right.isPresent());
      if (acknowledged(i) && !deleted) {
        assertThat(right).as("%s: batch %s was acknowledged", context, i).isPresent();
      }
      int number = i;
      right.ifPresent(
          value ->
              assertThat(value)
                  .as("%s: value %s", context, number)
                  .isEqualTo(bytes("value-" + number)));
    }
    verifyQueue(store, context);
  }

  private void verifyQueue(Store store, String context) {
    Queue queue = store.queue("queue");
    List<Queue.Entry> entries;
    try {
      entries = queue.read(0, 10_000, 1 << 26).toCompletableFuture().join();
    } catch (CompletionException e) {
      throw new AssertionError(context + ": the queue cannot be read", e);
    }
    for (Queue.Entry entry : entries) {
      assertThat(entry.value()).as(context).isEqualTo(bytes("entry-" + entry.number()));
      assertThat(entry.header()).as(context).isEqualTo(bytes("h" + entry.number()));
    }
    List<Long> numbers = entries.stream().map(Queue.Entry::number).toList();
    for (int i = 0; i < stages.size(); i++) {
      int trimmedBy = (i + 8) / 10 * 10 + 9;
      boolean trimmed = trimmedBy - 8 >= i && trimmedBy < stages.size();
      if (acknowledged(i) && !trimmed) {
        assertThat(numbers).as("%s: queue entry %s", context, i).contains((long) i);
      }
    }
  }
}
