package dev.gatehouse.store;

import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.Table;
import dev.gatehouse.store.FileTable.OpenFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the state as frames of its own: puts and appends that rebuild it. Commits go on meanwhile,
 * so the copy is of no single moment; replaying the journal from where the copy began makes it one,
 * because every change can be applied twice. The last frame tells up to where it must be replayed
 * at least, and that the copy is whole.
 */
final class CheckpointWriter {
  /** The table of the last frame; no owner can use it, since its name is not allowed. */
  static final String END_TABLE = "";

  private static final int PAGE_ROWS = 256;
  private static final int PAGE_ENTRIES = 64;

  private final State state;
  private final EntryReader reader;
  private final OpenFile file;
  private final StoreCounters counters;
  private ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
  private long position = FileTable.HEADER;
  private long sequence;

  CheckpointWriter(State state, EntryReader reader, OpenFile file, StoreCounters counters) {
    this.state = state;
    this.reader = reader;
    this.file = file;
    this.counters = counters;
  }

  /** Who is told where copied entries of queues are now. */
  interface Relocation {
    void moved(String queue, long number, BatchCodec.Location location);
  }

  /**
   * Copies everything and syncs it.
   *
   * @param reached gives, at the end, the last sequence that the copy may hold something of
   * @return the file's size
   */
  long write(java.util.function.LongSupplier reached, Relocation relocation) throws IOException {
    for (String table : state.read(Rows::tables)) {
      writeTable(table);
    }
    for (String queue : state.queueNames()) {
      writeQueue(queue, relocation);
    }
    byte[] end = Long.toString(reached.getAsLong()).getBytes(StandardCharsets.US_ASCII);
    frame(new Batch().put(END_TABLE, end, new byte[0]));
    file.handle().sync();
    counters.synced(0);
    return position;
  }

  private void writeTable(String table) throws IOException {
    byte @Nullable [] from = null;
    while (true) {
      byte @Nullable [] begin = from;
      List<Table.Row> page =
          state.read(rows -> rows.range(table, begin, null, PAGE_ROWS, Table.Order.ASCENDING));
      if (page.isEmpty()) {
        return;
      }
      Batch batch = new Batch();
      page.forEach(row -> batch.put(table, row.key(), row.value()));
      frame(batch);
      byte[] last = page.get(page.size() - 1).key();
      from = Arrays.copyOf(last, last.length + 1); // the very next key
    }
  }

  private void writeQueue(String queue, Relocation relocation) throws IOException {
    long last =
        state.<Long>readQueue(
            queue, index -> index == null || index.size() > 0 ? -1L : index.last());
    if (last >= 0) {
      frame(new Batch().trim(queue, last)); // its numbering goes on, though it is empty
      return;
    }
    long from = Long.MIN_VALUE;
    while (true) {
      List<EntryReader.Stored> page = reader.read(queue, from, PAGE_ENTRIES, 1 << 20);
      if (page.isEmpty()) {
        return;
      }
      for (EntryReader.Stored entry : page) {
        for (BatchCodec.Entry copied :
            frame(new Batch().append(queue, entry.number(), entry.header(), entry.value()))) {
          if (copied instanceof BatchCodec.Appended appended) {
            relocation.moved(queue, appended.number(), appended.location());
          }
        }
      }
      from = page.get(page.size() - 1).number() + 1;
    }
  }

  private List<BatchCodec.Entry> frame(Batch batch) throws IOException {
    int size = BatchCodec.maxSize(batch) + Frame.HEADER;
    if (buffer.capacity() < size) {
      buffer = ByteBuffer.allocate(size);
    }
    buffer.clear().position(Frame.HEADER);
    List<BatchCodec.Entry> entries = BatchCodec.encode(batch, buffer, file.number(), position);
    Frame.seal(buffer, 0, ++sequence, 0);
    buffer.flip();
    int written = buffer.remaining();
    file.handle().write(buffer, position);
    counters.wrote(written);
    position += written;
    return entries;
  }
}
