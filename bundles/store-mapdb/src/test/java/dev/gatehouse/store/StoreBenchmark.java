package dev.gatehouse.store;

import dev.gatehouse.api.store.Batch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Commits a second of the store beside the bare rate of the same disk: rounds take turns, medians
 * are printed. Run by {@code ./gatehouse bench store}.
 */
public final class StoreBenchmark {
  private static final int ROUNDS = 5;
  private static final long ROUND_NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final int VALUE = 200;

  private StoreBenchmark() {}

  /** The argument is a directory on the disk to measure. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Files.createTempDirectory(Path.of(arguments[0]), "bench-store");
    StoreSettings settings =
        new StoreSettings(
            directory.resolve("store"),
            16L << 20,
            32L << 20,
            Duration.ofHours(1),
            64L << 20,
            4L << 20);
    double[] bare = new double[ROUNDS];
    double[] single = new double[ROUNDS];
    double[] many = new double[ROUNDS];
    MapdbStore store = new MapdbStore(settings);
    commits(store, 64); // warm up
    for (int round = 0; round < ROUNDS; round++) {
      bare[round] = bareSyncs(directory.resolve("bare"));
      single[round] = commits(store, 1);
      many[round] = commits(store, 64);
    }
    store.close();
    System.out.printf(
        "bare append and fdatasync      %,10.0f /s%n"
            + "one writer, commits            %,10.0f /s   ratio %.2f (at least 0.9)%n"
            + "64 writers of %d bytes, commits %,9.0f /s   (at least 20,000)%n",
        median(bare), median(single), median(single) / median(bare), VALUE, median(many));
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static double bareSyncs(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      long started = System.nanoTime();
      long count = 0;
      while (System.nanoTime() - started < ROUND_NANOS) {
        channel.write(ByteBuffer.allocate(VALUE + 60), channel.size());
        channel.force(false);
        count++;
      }
      return count / (double) ROUND_NANOS * TimeUnit.SECONDS.toNanos(1);
    }
  }

  private static double commits(MapdbStore store, int writers) throws InterruptedException {
    AtomicLong count = new AtomicLong();
    long started = System.nanoTime();
    List<Thread> threads = new ArrayList<>();
    for (int writer = 0; writer < writers; writer++) {
      int number = writer;
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; System.nanoTime() - started < ROUND_NANOS; i++) {
                  store
                      .commit(
                          new Batch()
                              .put("bench", Trace.bytes(number + "-" + i % 1000), new byte[VALUE]))
                      .toCompletableFuture()
                      .join();
                  count.incrementAndGet();
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return count.get() / (double) ROUND_NANOS * TimeUnit.SECONDS.toNanos(1);
  }
}
