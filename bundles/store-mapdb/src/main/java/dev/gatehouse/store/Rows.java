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

  Rows(Path scratch, long memoryLimit) {
    this.scratch = scratch;
    this.memoryLimit = memoryLimit;
    this.db = DBMaker.memoryDirectDB().make();
    this.tree = open(db);
  }

  private static BTreeMap<byte[], byte[]> open(DB db) {
    return db.treeMap("rows")
        .keySerializer(Serializer.BYTE_ARRAY)
        .valueSerializer(Serializer.BYTE_ARRAY)
        .valuesOutsideNodesEnable()
        .create();
  }

  byte @Nullable [] get(String table, byte[] key) {
    Integer number = numbers.get(table);
    return number == null ? null : tree.get(key(number, key));
  }

  void put(String table, byte[] key, byte[] value) {
    int number = number(table);
    byte[] old = tree.put(key(number, key), value);
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
    try {
      Files.deleteIfExists(scratch);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + scratch, e);
    }
    DB file = DBMaker.fileDB(scratch.toFile()).fileChannelEnable().make();
    BTreeMap<byte[], byte[]> moved = open(file);
    moved.putAll(tree);
    db.close();
    db = file;
    tree = moved;
    inFile = true;
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
