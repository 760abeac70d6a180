package dev.gatehouse.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.StoreStatus;
import dev.gatehouse.api.store.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Starts of a store whose rows fit neither the memory for rows nor the heap's share for sorting.
 */
class LargeStateTest {
  private static final int VALUE = 5_000;
  private static final List<String> TABLES = List.of("second", "first");

  @TempDir Path directory;
  private final SimulatedDisk disk = new SimulatedDisk();
  private final Random random = new Random(7);

  /** The rows as they must be, by table. */
  private final Map<String, TreeMap<byte[], byte[]>> rows = new TreeMap<>();

  private Engine open() throws IOException {
    return open(directory, 1 << 20);
  }

  private Engine open(Path scratch, long memoryBytes) throws IOException {
    return new Engine(
        disk,
        new StoreSettings(scratch, 1 << 20, 1L << 40, Duration.ofHours(1), memoryBytes, 64 << 10));
  }

  /** Sets, replaces and removes rows of two tables, in an order that is not that of the keys. */
  private void change(Engine engine, int count) {
    Batch batch = new Batch();
    for (int i = 1; i <= count; i++) {
      String table = TABLES.get(random.nextInt(2));
      byte[] key = Trace.bytes("key/" + random.nextInt(8_000));
      TreeMap<byte[], byte[]> expected =
          rows.computeIfAbsent(table, name -> new TreeMap<>(Arrays::compareUnsigned));
      if (random.nextInt(4) == 0) {
        batch.delete(table, key);
        expected.remove(key);
      } else {
        byte[] value = new byte[VALUE];
        random.nextBytes(value);
        batch.put(table, key, value);
        expected.put(key, value);
      }
      if (i % 20 == 0 || i == count) {
        engine.commit(batch).toCompletableFuture().join();
        batch = new Batch();
      }
    }
  }

  private void verify(Engine engine) {
    assertThat(engine.status().mode()).isEqualTo(StoreStatus.Mode.READ_WRITE);
    assertThat(engine.status().damage()).isEmpty();
    long bytes = 0;
    for (Map.Entry<String, TreeMap<byte[], byte[]>> table : rows.entrySet()) {
      List<Table.Row> found =
          engine.table(table.getKey()).range(null, null, 1 << 20, Table.Order.ASCENDING);
      assertThat(found.stream().map(row -> Trace.text(row.key())).toList())
          .isEqualTo(table.getValue().keySet().stream().map(Trace::text).toList());
      assertThat(engine.table(table.getKey()).size()).isEqualTo(found.size());
      for (Table.Row row : found) {
        assertThat(Arrays.equals(row.value(), table.getValue().get(row.key()))).isTrue();
        bytes += row.key().length + row.value().length;
      }
    }
    assertThat(engine.storedBytes()).isEqualTo(bytes);
  }

  @Test
  void aStartFromCheckpointAndJournalHoldsExactlyTheRows() throws IOException {
    try (Engine engine = open()) {
      change(engine, 6_000);
    }
    try (Engine engine = open()) {
      verify(engine);
      engine.checkpoint().join();
      change(engine, 5_000);
    }
    try (Engine engine = open()) {
      assertThat(directory.resolve("scratch.db")).isRegularFile();
      verify(engine);
      change(engine, 200);
      verify(engine);
    }
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aStartWithoutRoomToSortOnTheDiskHoldsTheRowsAllTheSame() throws IOException {
    try (Engine engine = open()) {
      change(engine, 1_000);
      engine.checkpoint().join();
      change(engine, 5_000);
    }
    try (Engine engine = open(directory.resolve("absent"), 64 << 20)) {
      verify(engine);
    }
  }

  @Test
  void aReaderThatIsInterruptedClosesNothing() throws IOException {
    try (Engine engine = open()) {
      change(engine, 1_000);
      Table table = engine.table("first");
      List<byte[]> keys = List.copyOf(rows.get("first").keySet());
      IntStream.range(0, keys.size())
          .forEach(
              i -> {
                Thread.currentThread().interrupt();
                assertThat(table.get(keys.get(i))).isPresent();
              });
      assertThat(Thread.interrupted()).isTrue();
      verify(engine);
    }
  }
}
