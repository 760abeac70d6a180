package dev.gatehouse.store;

import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.concurrent.ConcurrentNavigableMap;
import org.jspecify.annotations.Nullable;
import org.mapdb.BTreeMap;
import org.mapdb.DB;
import org.mapdb.DBMaker;
import org.mapdb.Serializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows of all tables in one MapDB tree, off the heap: in direct memory up to a limit, beyond it
 * in a scratch file. It is rebuilt at each start, so MapDB needs neither transactions nor syncs,
 * and what it leaves behind in a crash is thrown away.
 *
 * <p>A key is the table's number, two bytes, and the row's key. Guarded by {@link State}'s lock.
 */
final class Rows {
  private static final Logger LOG = LoggerFactory.getLogger(Rows.class);
  private static final int PAGE = 256;

  /** Bytes on the heap for changes that wait to be sorted, during recovery. */
  private static final long SORT_BYTES = Math.min(16 << 20, Runtime.getRuntime().maxMemory() / 16);

  private final Path scratch;
  private final long memoryLimit;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<String> names = new ArrayList<>();
  private final List<long[]> sizes = new ArrayList<>();
  private DB db;
  private BTreeMap<byte[], byte[]> tree;
  private long bytes;
  private @Nullable RowSort sort; // while the store is recovered
  private @Nullable CheckpointRows checkpoint; // what the sorted changes begin from
  private byte[] lastSeen = new byte[0]; // of the checkpoint

  Rows(Path scratch, long memoryLimit) {
    this.scratch = scratch;
    this.memoryLimit = memoryLimit;
    this.db = open();
    this.tree = maker(db).create();
  }

  private DB open() {
    return DBMaker.volumeDB(new SpillVolume(scratch, memoryLimit), false).make();
  }

  private static DB.TreeMapMaker<byte[], byte[]> maker(DB db) {
    return db.treeMap("rows")
        .keySerializer(Serializer.BYTE_ARRAY)
        .valueSerializer(Serializer.BYTE_ARRAY)
        .valuesOutsideNodesEnable();
  }

  /**
   * Begins a recovery: there are no rows, and changes are collected until {@link #endLoad} sorts
   * them. A tree that is built from its leaves costs a fraction of one that rows are put into.
   * Nothing is read meanwhile.
   */
  void beginLoad() throws IOException {
    closeSort();
    numbers.clear();
    names.clear();
    sizes.clear();
    bytes = 0;
    lastSeen = new byte[0];
    sort = new RowSort(scratch.resolveSibling(scratch.getFileName() + ".sort"), SORT_BYTES);
  }

  /** Looks at a row of a checkpoint that is being checked; {@link #base} gives it again. */
  void seen(Batch.Put put) throws IOException {
    byte[] key = key(number(put.table()), put.key());
    if (!ascends(key)) {
      Objects.requireNonNull(sort, "no recovery").add(key, put.value());
    }
  }

  /** Whether a key goes where sorted rows go; any other is sorted with the changes. */
  private boolean ascends(byte[] key) {
    if (Arrays.compareUnsigned(lastSeen, key) >= 0) {
      return false;
    }
    lastSeen = key;
    return true;
  }

  /** The rows that have been seen; the changes from now on come behind them. */
  void base(CheckpointRows rows) {
    checkpoint = rows;
    lastSeen = new byte[0];
  }

  private RowSort.@Nullable Change nextOfCheckpoint() throws IOException {
    if (checkpoint == null) {
      return null;
    }
    for (Batch.Put put = checkpoint.next(); put != null; put = checkpoint.next()) {
      byte[] key = key(number(put.table()), put.key());
      if (ascends(key)) {
        return new RowSort.Change(key, put.value());
      }
    }
    return null;
  }

  /** Ends a recovery: builds the tree. From now on each change is made at once. */
  void endLoad() throws IOException {
    RowSort changes = sort;
    if (changes == null) {
      return;
    }
    db.close();
    db = open();
    DB.TreeMapSink<byte[], byte[]> sink = maker(db).createFromSink();
    changes.merge(
        this::nextOfCheckpoint,
        (key, value) -> {
          sink.put(key, value);
          sizes.get(((key[0] & 0xFF) << 8) | (key[1] & 0xFF))[0]++;
          bytes += key.length - 2 + value.length;
        });
    tree = sink.create();
    checkpoint = null;
    closeSort();
  }

  private void closeSort() throws IOException {
    if (sort != null) {
      sort.close();
      sort = null;
    }
  }

  /**
   * Whether a change was taken to be sorted. Without room to sort on the disk it is made at once.
   */
  private boolean change(byte[] key, byte @Nullable [] value) {
    if (sort == null) {
      return false;
    }
    try {
      try {
        sort.add(key, value);
      } catch (IOException e) {
        LOG.warn("event=store-sort-failed reason=\"{}\"", e.toString());
        endLoad();
      }
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  byte @Nullable [] get(String table, byte[] key) {
    Integer number = numbers.get(table);
    return number == null ? null : tree.get(key(number, key));
  }

  void put(String table, byte[] key, byte[] value) {
    int number = number(table);
    byte[] whole = key(number, key);
    if (change(whole, value)) {
      return;
    }
    byte[] old = tree.put(whole, value);
    bytes += value.length;
    if (old == null) {
      sizes.get(number)[0]++;
      bytes += key.length;
    } else {
      bytes -= old.length;
    }
  }

  void delete(String table, byte[] key) {
    Integer number = numbers.get(table);
    if (number == null) {
      return;
    }
    byte[] whole = key(number, key);
    if (change(whole, null)) {
      return;
    }
    byte[] old = tree.remove(whole);
    if (old != null) {
      sizes.get(number)[0]--;
      bytes -= key.length + old.length;
    }
  }

  List<Table.Row> range(
      String table, byte @Nullable [] from, byte @Nullable [] to, int limit, Table.Order order) {
    Integer number = numbers.get(table);
    if (number == null) {
      return List.of();
    }
    byte[] low = key(number, from == null ? new byte[0] : from);
    byte[] high = to == null ? key(number + 1, new byte[0]) : key(number, to);
    if (Arrays.compareUnsigned(low, high) >= 0) {
      return List.of();
    }
    ConcurrentNavigableMap<byte[], byte[]> ascending = tree.subMap(low, true, high, false);
    NavigableMap<byte[], byte[]> view =
        order == Table.Order.ASCENDING ? ascending : ascending.descendingMap();
    List<Table.Row> page = new ArrayList<>(Math.min(limit, PAGE));
    for (Map.Entry<byte[], byte[]> row : view.entrySet()) {
      if (page.size() == limit) {
        break;
      }
      byte[] key = row.getKey();
      page.add(new Table.Row(Arrays.copyOfRange(key, 2, key.length), row.getValue()));
    }
    return page;
  }

  long size(String table) {
    Integer number = numbers.get(table);
    return number == null ? 0 : sizes.get(number)[0];
  }

  /** Sum of the sizes of keys and values. */
  long bytes() {
    return bytes;
  }

  /** The tables that have been used. */
  List<String> tables() {
    return List.copyOf(names);
  }

  void close() throws IOException {
    closeSort();
    db.close();
  }

  private int number(String table) {
    Integer number = numbers.get(table);
    if (number == null) {
      number = names.size();
      numbers.put(table, number);
      names.add(table);
      sizes.add(new long[1]);
    }
    return number;
  }

  private static byte[] key(int number, byte[] key) {
    byte[] whole = new byte[2 + key.length];
    whole[0] = (byte) (number >>> 8);
    whole[1] = (byte) number;
    System.arraycopy(key, 0, whole, 2, key.length);
    return whole;
  }

  /** Names are limited so that they fit the frames' two-byte length. */
  static void requireName(String name) {
    int length = name.getBytes(StandardCharsets.UTF_8).length;
    if (length < 1 || length > 1000) {
      throw new IllegalArgumentException(
          "name of " + length + " bytes; 1 to 1000 bytes of UTF-8 are allowed");
    }
  }
}
