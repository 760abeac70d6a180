package dev.gatehouse.store;

import dev.gatehouse.api.store.Batch;
import dev.gatehouse.store.BatchCodec.Location;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is committed: rows and the index of queues. One thread applies whole batches;
 * readers see each batch whole or not at all.
 */
final class State {
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final Rows rows; // guarded by lock
  private final Map<String, QueueIndex> queues = new HashMap<>(); // guarded by lock

  State(Rows rows) {
    this.rows = rows;
  }

  void apply(List<BatchCodec.Entry> entries) {
    lock.writeLock().lock();
    try {
      entries.forEach(this::apply);
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void apply(BatchCodec.Entry entry) {
    if (entry instanceof BatchCodec.Appended appended) {
      queues
          .computeIfAbsent(appended.queue(), name -> new QueueIndex())
          .append(appended.number(), appended.location());
    } else if (entry instanceof BatchCodec.Row row) {
      apply(row.change());
    }
  }

  private void apply(Batch.Change change) {
    if (change instanceof Batch.Put put) {
      rows.put(put.table(), put.key(), put.value());
    } else if (change instanceof Batch.Delete delete) {
      rows.delete(delete.table(), delete.key());
    } else if (change instanceof Batch.Trim trim) {
      queues.computeIfAbsent(trim.queue(), name -> new QueueIndex()).trim(trim.upTo());
    } else if (change instanceof Batch.Drop drop) {
      queues.remove(drop.queue());
    }
  }

  /** Forgets everything and begins a recovery; nobody reads before its end. */
  void beginLoad() throws IOException {
    lock.writeLock().lock();
    try {
      queues.clear();
      rows.beginLoad();
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Takes the queues of a checkpoint that is being checked; the rows come by {@link #base}. */
  void check(List<BatchCodec.Entry> entries) throws IOException {
    lock.writeLock().lock();
    try {
      for (BatchCodec.Entry entry : entries) {
        if (entry instanceof BatchCodec.Row row && row.change() instanceof Batch.Put put) {
          rows.seen(put);
        } else {
          apply(entry);
        }
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** The checkpoint that has been checked is what the next batches change. */
  void base(CheckpointRows checkpoint) {
    lock.writeLock().lock();
    try {
      rows.base(checkpoint);
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Everything has been read: the rows can be. */
  void endLoad() throws IOException {
    lock.writeLock().lock();
    try {
      rows.endLoad();
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Reads rows; must not keep a view. */
  <T extends @Nullable Object> T read(Function<Rows, T> reading) {
    lock.readLock().lock();
    try {
      return reading.apply(rows);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Reads a queue's index, null if there is no such queue; must not keep it. */
  <T extends @Nullable Object> T readQueue(String name, Function<@Nullable QueueIndex, T> reading) {
    lock.readLock().lock();
    try {
      return reading.apply(queues.get(name));
    } finally {
      lock.readLock().unlock();
    }
  }

  List<String> queueNames() {
    lock.readLock().lock();
    try {
      return List.copyOf(queues.keySet());
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Bytes of all rows and of all entries of queues. */
  long bytes() {
    lock.readLock().lock();
    try {
      long total = rows.bytes();
      for (QueueIndex queue : queues.values()) {
        total += queue.bytes();
      }
      return total;
    } finally {
      lock.readLock().unlock();
    }
  }

  /** An entry was copied elsewhere. */
  void relocate(String queue, long number, Location location) {
    lock.writeLock().lock();
    try {
      QueueIndex index = queues.get(queue);
      if (index != null) {
        index.relocate(number, location);
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  void close() throws IOException {
    lock.writeLock().lock();
    try {
      rows.close();
    } finally {
      lock.writeLock().unlock();
    }
  }
}
