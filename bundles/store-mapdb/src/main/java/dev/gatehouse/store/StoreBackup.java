package dev.gatehouse.store;

import dev.gatehouse.api.store.Store;
import dev.gatehouse.store.FileTable.OpenFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/**
 * A copy of the store: a checkpoint, and the journal from where it began to where it ended. It is a
 * store's directory in its own right, which a restore puts in place.
 */
final class StoreBackup {
  private static final int COPY_BYTES = 1 << 20;

  private final FileTable table;
  private final State state;
  private final Journal journal;
  private final Committer committer;
  private final StoreCounters counters;

  StoreBackup(
      FileTable table, State state, Journal journal, Committer committer, StoreCounters counters) {
    this.table = table;
    this.state = state;
    this.journal = journal;
    this.committer = committer;
    this.counters = counters;
  }

  Store.Backup write(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> files = Files.list(directory)) {
        if (files.findAny().isPresent()) {
          throw new IOException(directory + " is not empty");
        }
      }
    }
    long from = rolled();
    DiskFileLayer target = new DiskFileLayer(directory);
    FileTable copies = new FileTable(target);
    try {
      String name = FileTable.name(FileTable.CHECKPOINT, from);
      OpenFile file = copies.create(name, journal.epoch(), from);
      long size =
          new CheckpointWriter(state, new EntryReader(state, table), file, counters)
              .write(journal::durable, (queue, number, location) -> {});
      List<String> files = new ArrayList<>(List.of(name));
      long end = journal.durable();
      for (String segment : journal.files()) {
        if (segment.startsWith(FileTable.SEGMENT) && FileTable.sequence(segment) > from) {
          size += copy(segment, target);
          files.add(segment);
        }
      }
      new Manifest(FileTable.SCHEMA, journal.epoch(), end, files).write(target);
      return new Store.Backup(directory, end, size);
    } finally {
      copies.closeAll();
    }
  }

  private long rolled() throws IOException {
    long[] from = new long[1];
    try {
      committer
          .run(
              () -> {
                journal.roll();
                from[0] = journal.durable();
              })
          .get();
    } catch (ExecutionException e) {
      throw new IOException("the journal cannot be rolled", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return from[0];
  }

  private long copy(String name, FileLayer target) throws IOException {
    FileLayer.Handle from = table.layer().open(name);
    FileLayer.Handle to = target.open(name);
    try {
      ByteBuffer buffer = ByteBuffer.allocate(COPY_BYTES);
      long position = 0;
      while (from.read(buffer.clear(), position) > 0) {
        buffer.flip();
        int count = buffer.remaining();
        to.write(buffer, position);
        position += count;
      }
      to.sync();
      return position;
    } finally {
      from.close();
      to.close();
    }
  }
}
