package dev.gatehouse.store;

import dev.gatehouse.api.store.Batch;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * How long a store takes to start, and how much disk it takes, by what it holds: rows and entries
 * of queues of 200 bytes, from the journal as a kill leaves it and from a checkpoint. Run by {@code
 * ./gatehouse bench store start}.
 */
public final class StoreStartBenchmark {
  private static final int VALUE = 200;
  private static final int PENDING = 2000;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private StoreStartBenchmark() {}

  /** The arguments: a directory on the disk to measure, and how many rows, 1,000,000 by default. */
  public static void main(String[] arguments) throws Exception {
    int count = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000_000;
    Path directory = Files.createTempDirectory(Path.of(arguments[0]), "bench-start");
    for (boolean queued : List.of(false, true)) {
      StoreSettings settings = settings(directory.resolve(queued ? "queued" : "rows"));
      MapdbStore store = new MapdbStore(settings);
      fill(store, count, queued);
      report(settings, count, queued, "from the journal", store);
      store = new MapdbStore(settings);
      store.engine().checkpoint().join();
      report(settings, count, queued, "from a checkpoint", store);
    }
  }

  private static StoreSettings settings(Path directory) {
    return new StoreSettings(
        directory, 16L << 20, 32L << 20, Duration.ofHours(1), 64L << 20, 4L << 20);
  }

  private static void fill(MapdbStore store, int count, boolean queued) {
    List<CompletableFuture<Void>> pending = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] value = new byte[VALUE];
      Batch batch = new Batch();
      if (queued) {
        batch.append("session/" + i % 100, i, new byte[20], value);
      } else {
        batch.put("rows", Trace.bytes("a/topic/of/some/length/" + i), value);
      }
      pending.add(store.commit(batch).toCompletableFuture());
      if (pending.size() == PENDING) {
        pending.forEach(CompletableFuture::join);
        pending.clear();
      }
    }
    pending.forEach(CompletableFuture::join);
  }

  private static void report(
      StoreSettings settings, int count, boolean queued, String from, MapdbStore store)
      throws IOException {
    store.close();
    long disk = bytes(settings.directory());
    long started = System.nanoTime();
    long cpuStarted = THREADS.getCurrentThreadCpuTime();
    MapdbStore opened = new MapdbStore(settings);
    double cpu = (THREADS.getCurrentThreadCpuTime() - cpuStarted) / 1e9;
    double seconds = (System.nanoTime() - started) / 1e9;
    long stored = opened.engine().storedBytes();
    opened.close();
    System.out.printf(
        "%,d %s %s: %.1f s, %.1f us each (%.1f us of CPU), disk %,d MB for %,d MB, factor %.1f%n",
        count,
        queued ? "entries of 100 queues" : "rows",
        from,
        seconds,
        seconds * 1e6 / count,
        cpu * 1e6 / count,
        disk >> 20,
        stored >> 20,
        disk / (double) stored);
  }

  private static long bytes(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> !String.valueOf(file.getFileName()).equals("RESERVE"))
          .mapToLong(file -> file.toFile().length())
          .sum();
    }
  }
}
