package dev.gatehouse.store;

import dev.gatehouse.api.store.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentNavigableMap;
import org.jspecify.annotations.Nullable;
import org.mapdb.BTreeMap;
import org.mapdb.DB;
import org.mapdb.DBMaker;
import org.mapdb.Serializer;

/**
 * The rows of all tables in one MapDB tree, off the heap: in direct memory while they are few, in a
 * scratch file once they pass the limit. It is rebuilt at each start, so MapDB needs neither
 * transactions nor syncs, and what it leaves behind in a crash is thrown away.
 *
 * <p>A key is the table's number, two bytes, and the row's key. Guarded by {@link State}'s lock.
 */
final class Rows {
  private static final int PAGE = 256;

  private final Path scratch;
  private final long memoryLimit;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<String> names = new ArrayList<>();
  private final List<long[]> sizes = new ArrayList<>();
  private DB db;
  private BTreeMap<byte[], byte[]> tree;
  private boolean inFile;
  private long bytes;
  private DB.@Nullable TreeMapSink<byte[], byte[]> sink; // while sorted rows are loaded
  private byte[] lastLoaded = new byte[0];

  Rows(Path scratch, long memoryLimit) {
    this.scratch = scratch;
    this.memoryLimit = memoryLimit;
    this.db = DBMaker.memoryDirectDB().make();
    this.tree = maker(db).create();
  }

  private static DB.TreeMapMaker<byte[], byte[]> maker(DB db) {
    return db.treeMap("rows")
        .keySerializer(Serializer.BYTE_ARRAY)
        .valueSerializer(Serializer.BYTE_ARRAY)
        .valuesOutsideNodesEnable();
  }

  /**
   * Expects rows in ascending order, as a checkpoint has them: the tree is built from its leaves,
   * which costs a fraction of inserting each row. Nothing is read before {@link #endLoad}. Only if
   * there are no rows yet.
   */
  void beginLoad() {
    if (tree.isEmpty()) {
      db.close();
      db = DBMaker.memoryDirectDB().make();
      inFile = false;
      sink = maker(db).createFromSink();
      lastLoaded = new byte[0];
    }
  }

  /** From now on rows come in any order. */
  void endLoad() {
    DB.TreeMapSink<byte[], byte[]> from = sink;
    if (from != null) {
      sink = null;
      tree = from.create();
    }
  }

  /** Whether a row went where sorted rows go. */
  private boolean loaded(int number, byte[] key, byte[] value) {
    DB.TreeMapSink<byte[], byte[]> into = sink;
    if (into == null) {
      return false;
    }
    if (Arrays.compareUnsigned(lastLoaded, key) >= 0) {
      endLoad();
      return false;
    }
    into.put(key, value);
    lastLoaded = key;
    sizes.get(number)[0]++;
    bytes += key.length - 2 + value.length;
    if (!inFile && bytes > memoryLimit) {
      endLoad();
      sink = copyToFile();
    }
    return true;
  }

  byte @Nullable [] get(String table, byte[] key) {
    Integer number = numbers.get(table);
    return number == null ? null : tree.get(key(number, key));
  }

  void put(String table, byte[] key, byte[] value) {
    int number = number(table);
    byte[] whole = key(number, key);
    if (loaded(number, whole, value)) {
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
    if (!inFile && bytes > memoryLimit) {
      moveToFile();
    }
  }

  void delete(String table, byte[] key) {
    Integer number = numbers.get(table);
    if (number == null) {
      return;
    }
    endLoad();
    byte[] old = tree.remove(key(number, key));
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

  /** Throws every row away. */
  void clear() {
    endLoad();
    tree.clear();
    sizes.forEach(size -> size[0] = 0);
    bytes = 0;
  }

  void close() {
    db.close();
    try {
      Files.deleteIfExists(scratch);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + scratch, e);
    }
  }

  private void moveToFile() {
    tree = copyToFile().create();
  }

  /** Copies the rows to a file; what is put into the sink comes behind them. */
  private DB.TreeMapSink<byte[], byte[]> copyToFile() {
    try {
      Files.deleteIfExists(scratch);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + scratch, e);
    }
    DB file = DBMaker.fileDB(scratch.toFile()).fileChannelEnable().make();
    DB.TreeMapSink<byte[], byte[]> into = maker(file).createFromSink();
    for (Map.Entry<byte[], byte[]> row : tree.getEntries()) {
      into.put(row.getKey(), row.getValue());
    }
    db.close();
    db = file;
    inFile = true;
    return into;
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
