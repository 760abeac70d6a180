package dev.gatehouse.testkit;

import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.Queue;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.api.store.StoreConflictException;
import dev.gatehouse.api.store.StoreStatus;
import dev.gatehouse.api.store.StoreUnavailableException;
import dev.gatehouse.api.store.Table;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The store contract in memory: commits are done when {@link #commit} returns, unless held. */
public final class InMemoryStore implements Store {
  private final Map<String, MemoryTable> tables = new HashMap<>(); // guarded by this
  private final Map<String, MemoryQueue> queues = new HashMap<>(); // guarded by this
  private final List<Runnable> held = new ArrayList<>(); // guarded by this
  private boolean holding; // guarded by this
  private @Nullable String failure; // guarded by this
  private boolean full; // guarded by this
  private long sequence; // guarded by this

  /** From now on commits fail as a full disk makes them; null heals. */
  public synchronized void failWith(@Nullable String reason) {
    failure = reason;
  }

  /** From now on, or no longer, commits succeed only if they remove, shrink rows or are urgent. */
  public synchronized void full(boolean now) {
    full = now;
  }

  private boolean fits(Batch batch) {
    boolean removes = false;
    boolean shrinks = false;
    boolean writes = false;
    for (Batch.Change change : batch.changes()) {
      if (change instanceof Batch.Append) {
        return false;
      } else if (change instanceof Batch.Put put) {
        byte[] before = ((MemoryTable) table(put.table())).rows.get(put.key());
        writes = true;
        shrinks |= before != null && before.length > put.value().length;
      } else if (change instanceof Batch.Delete delete) {
        removes |= ((MemoryTable) table(delete.table())).rows.containsKey(delete.key());
      } else if (change instanceof Batch.Drop drop) {
        removes |= queue(drop.queue()).size() > 0;
      } else if (change instanceof Batch.Trim trim) {
        removes |= queue(trim.queue()).size() > 0;
      }
    }
    return !writes || removes || shrinks || batch.isUrgent();
  }

  /** From now on commits wait until {@link #release}. */
  public synchronized void hold() {
    holding = true;
  }

  /** How many commits wait. */
  public synchronized int held() {
    return held.size();
  }

  /** Does what waits, in order, and no longer holds. What comes meanwhile waits its turn. */
  public void release() {
    while (true) {
      List<Runnable> ready;
      synchronized (this) {
        if (held.isEmpty()) {
          holding = false;
          return;
        }
        ready = List.copyOf(held);
        held.clear();
      }
      ready.forEach(Runnable::run);
    }
  }

  /** Does what waits, in order, and goes on holding what comes. */
  public void releaseOnce() {
    List<Runnable> ready;
    synchronized (this) {
      ready = List.copyOf(held);
      held.clear();
    }
    ready.forEach(Runnable::run);
  }

  /** Does the first of what waits, loses the rest as a crash would, and no longer holds. */
  public void crashAfter(int commits) {
    List<Runnable> ready;
    synchronized (this) {
      ready = List.copyOf(held.subList(0, commits));
      held.clear();
      holding = false;
    }
    ready.forEach(Runnable::run);
  }

  /** Another store with the same rows; what queues hold is left behind. */
  public synchronized InMemoryStore copyOfRows() {
    InMemoryStore copy = new InMemoryStore();
    tables.forEach((name, table) -> ((MemoryTable) copy.table(name)).rows.putAll(table.rows));
    return copy;
  }

  /** All rows as text, by table and key: for comparing a state with a later one. */
  public synchronized Map<String, String> rows() {
    Map<String, String> all = new TreeMap<>();
    tables.forEach(
        (name, table) ->
            table.rows.forEach(
                (key, value) ->
                    all.put(
                        name + "\0" + new String(key, StandardCharsets.UTF_8),
                        new String(value, StandardCharsets.UTF_8))));
    return all;
  }

  @Override
  public synchronized Table table(String name) {
    return tables.computeIfAbsent(name, key -> new MemoryTable());
  }

  @Override
  public synchronized Queue queue(String name) {
    return queues.computeIfAbsent(name, key -> new MemoryQueue());
  }

  @Override
  public CompletionStage<Void> commit(Batch batch) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    synchronized (this) {
      if (holding) {
        held.add(() -> finish(batch, done));
        return done;
      }
    }
    finish(batch, done);
    return done;
  }

  private void finish(Batch batch, CompletableFuture<Void> done) {
    try {
      apply(batch);
    } catch (RuntimeException e) {
      done.completeExceptionally(e);
      return;
    }
    done.complete(null);
  }

  private synchronized void apply(Batch batch) {
    if (failure != null) {
      throw new StoreUnavailableException(failure, false, null);
    }
    if (full && !fits(batch)) {
      throw new StoreUnavailableException("the disk is full", false, null);
    }
    check(batch);
    for (Batch.Change change : batch.changes()) {
      apply(change);
    }
    sequence++;
  }

  /** Expectations see what the changes before them in the batch do. */
  private void check(Batch batch) {
    if (batch.changes().stream().noneMatch(Batch.Expect.class::isInstance)) {
      return;
    }
    Map<String, NavigableMap<byte[], byte[]>> view = new HashMap<>();
    for (Batch.Change change : batch.changes()) {
      if (change instanceof Batch.Put put) {
        copyOf(view, put.table()).put(put.key(), put.value());
      } else if (change instanceof Batch.Delete delete) {
        copyOf(view, delete.table()).remove(delete.key());
      } else if (change instanceof Batch.Expect expect
          && !Arrays.equals(copyOf(view, expect.table()).get(expect.key()), expect.value())) {
        throw new StoreConflictException(expect.table());
      }
    }
  }

  private NavigableMap<byte[], byte[]> copyOf(
      Map<String, NavigableMap<byte[], byte[]>> view, String table) {
    return view.computeIfAbsent(
        table,
        name -> {
          NavigableMap<byte[], byte[]> copy = new TreeMap<>(Arrays::compareUnsigned);
          copy.putAll(((MemoryTable) table(name)).rows);
          return copy;
        });
  }

  private void apply(Batch.Change change) {
    if (change instanceof Batch.Put put) {
      ((MemoryTable) table(put.table())).rows.put(put.key(), put.value());
    } else if (change instanceof Batch.Delete delete) {
      ((MemoryTable) table(delete.table())).rows.remove(delete.key());
    } else if (change instanceof Batch.Append append) {
      for (Batch.Target target : append.targets()) {
        ((MemoryQueue) queue(target.queue()))
            .add(new Queue.Entry(target.number(), target.header(), append.value()));
      }
    } else if (change instanceof Batch.Trim trim) {
      ((MemoryQueue) queue(trim.queue())).entries.headMap(trim.upTo(), true).clear();
    } else if (change instanceof Batch.Drop drop) {
      MemoryQueue queue = (MemoryQueue) queue(drop.queue());
      queue.entries.clear();
      queue.last = -1;
    }
  }

  @Override
  public synchronized StoreStatus status() {
    return failure == null
        ? new StoreStatus(StoreStatus.Mode.READ_WRITE, "", List.of(), sequence)
        : new StoreStatus(StoreStatus.Mode.DEGRADED, failure, List.of(), sequence);
  }

  @Override
  public CompletionStage<Backup> backup(Path directory) {
    return CompletableFuture.failedFuture(
        new StoreUnavailableException("a store in memory has no backup", false, null));
  }

  private final class MemoryTable implements Table {
    final NavigableMap<byte[], byte[]> rows = new TreeMap<>(Arrays::compareUnsigned);

    @Override
    public Optional<byte[]> get(byte[] key) {
      synchronized (InMemoryStore.this) {
        return Optional.ofNullable(rows.get(key)).map(byte[]::clone);
      }
    }

    @Override
    public List<Row> range(byte @Nullable [] from, byte @Nullable [] to, int limit, Order order) {
      synchronized (InMemoryStore.this) {
        NavigableMap<byte[], byte[]> view = rows;
        if (from != null) {
          view = view.tailMap(from, true);
        }
        if (to != null) {
          view = view.headMap(to, false);
        }
        if (order == Order.DESCENDING) {
          view = view.descendingMap();
        }
        return view.entrySet().stream()
            .limit(limit)
            .map(row -> new Row(row.getKey().clone(), row.getValue().clone()))
            .toList();
      }
    }

    @Override
    public long size() {
      synchronized (InMemoryStore.this) {
        return rows.size();
      }
    }
  }

  private final class MemoryQueue implements Queue {
    final NavigableMap<Long, Entry> entries = new TreeMap<>();
    long last = -1;

    void add(Entry entry) {
      if (entry.number() <= last) {
        throw new IllegalArgumentException(
            "queue entry " + entry.number() + " does not come after " + last);
      }
      entries.put(entry.number(), entry);
      last = entry.number();
    }

    @Override
    public long size() {
      synchronized (InMemoryStore.this) {
        return entries.size();
      }
    }

    @Override
    public long bytes() {
      synchronized (InMemoryStore.this) {
        return entries.values().stream().mapToLong(e -> e.header().length + e.value().length).sum();
      }
    }

    @Override
    public long last() {
      synchronized (InMemoryStore.this) {
        return last;
      }
    }

    @Override
    public CompletionStage<List<Entry>> read(long from, int maxEntries, int maxBytes) {
      List<Entry> page = new ArrayList<>();
      synchronized (InMemoryStore.this) {
        int bytes = 0;
        for (Entry entry : entries.tailMap(from, true).values()) {
          if (page.size() == maxEntries || (bytes >= maxBytes && !page.isEmpty())) {
            break;
          }
          page.add(entry);
          bytes += entry.header().length + entry.value().length;
        }
      }
      return CompletableFuture.completedFuture(page);
    }
  }
}
