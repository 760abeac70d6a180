package dev.gatehouse.store;

import dev.gatehouse.api.store.Batch;
import dev.gatehouse.store.FileTable.OpenFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The append-only truth. Only the committer's thread writes; it writes a group of batches with one
 * write and one sync. After any failure the file is never written again: a sync that failed once
 * may succeed later without the data, so the next group begins a new segment.
 *
 * <p>Small groups are written over zeros that were put there ahead of them. A file that does not
 * grow needs no change of the file system's own records, which would cost each sync a second write,
 * larger than the group itself.
 */
final class Journal {
  /** Ends the name of a file that is not finished; such files are deleted at the next start. */
  static final String DRAFT = ".draft";

  private static final int GROUP_BYTES = 1 << 20;
  private static final int AHEAD_BYTES = 256 << 10;

  /** The longest stretch that one write can leave torn, unless a larger batch is alone in it. */
  static final int LONGEST_TAIL = GROUP_BYTES + (64 << 10);

  /** Larger groups are worth a file system's own writes. */
  private static final int SMALL_GROUP_BYTES = 16 << 10;

  private final FileTable table;
  private final long epoch;
  private final long segmentBytes;
  private final StoreCounters counters;
  private final HighWaterMark mark; // the committer's thread only
  private volatile List<String> files; // changed by the committer's thread only
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(LONGEST_TAIL);
  private @Nullable OpenFile segment; // the committer's thread only
  private long position; // the committer's thread only
  private long filled; // the committer's thread only: there are zeros from position to here
  private long next; // the committer's thread only
  private volatile long durable;
  private final AtomicLong appendedBytes = new AtomicLong();

  /**
   * Continues a journal.
   *
   * @param files the segments and checkpoints that are there
   * @param durable the last sequence that is
   */
  Journal(
      FileTable table,
      long epoch,
      long segmentBytes,
      List<String> files,
      long durable,
      StoreCounters counters) {
    this.table = table;
    this.epoch = epoch;
    this.segmentBytes = segmentBytes;
    this.files = List.copyOf(files);
    this.durable = durable;
    this.next = durable + 1;
    this.counters = counters;
    this.mark = new HighWaterMark(table.layer(), epoch);
  }

  long durable() {
    return durable;
  }

  long epoch() {
    return epoch;
  }

  /** Bytes written since the journal was opened. */
  long appendedBytes() {
    return appendedBytes.get();
  }

  /** The largest group that is worth one write. */
  int groupBytes() {
    return GROUP_BYTES;
  }

  /**
   * Writes and syncs batches.
   *
   * @param room whether there is space to write zeros ahead
   * @return for each what {@link State} is to apply
   * @throws IOException if it is not known to be durable
   */
  List<List<BatchCodec.Entry>> append(List<Batch> batches, int maxBytes, boolean room)
      throws IOException {
    OpenFile file = segment;
    if (file == null || position > segmentBytes) {
      file = roll();
    }
    ByteBuffer group =
        maxBytes <= buffer.capacity() ? buffer.clear() : ByteBuffer.allocateDirect(maxBytes);
    List<List<BatchCodec.Entry>> entries = new ArrayList<>(batches.size());
    long sequence = next;
    for (Batch batch : batches) {
      int start = group.position();
      group.position(start + Frame.HEADER);
      entries.add(BatchCodec.encode(batch, group, file.number(), position));
      Frame.seal(group, start, sequence++, durable);
    }
    group.flip();
    int size = group.remaining();
    segment = null; // until the sync has succeeded
    if (room && size <= SMALL_GROUP_BYTES && position + size > filled) {
      filled = position + AHEAD_BYTES;
      file.handle().write(ByteBuffer.allocate(AHEAD_BYTES), position);
    }
    file.handle().write(group, position);
    file.handle().sync();
    segment = file;
    mark.write(sequence - 1);
    counters.synced(size);
    position += size;
    appendedBytes.addAndGet(size);
    next = sequence;
    durable = sequence - 1;
    return entries;
  }

  /** Begins a segment; everything before it is durable and will not be written again. */
  OpenFile roll() throws IOException {
    trim();
    String name = FileTable.name(FileTable.SEGMENT, next);
    OpenFile draft = table.create(name + DRAFT, epoch, next);
    draft.handle().sync();
    // Replaces what a failure may have left before its first frame was durable: whatever has a
    // segment's name has a header.
    OpenFile file = table.rename(draft, name);
    mark.open(durable);
    table.layer().syncDirectory();
    writeManifest(with(name, List.of()));
    segment = file;
    position = FileTable.HEADER;
    filled = position;
    return file;
  }

  /** Gives back the zeros that nothing was written over. */
  private void trim() throws IOException {
    if (segment != null && filled > position) {
      segment.handle().truncate(position);
    }
  }

  /** Puts a checkpoint into the manifest. On the committer's thread. */
  void publish(String checkpoint) throws IOException {
    writeManifest(with(checkpoint, List.of()));
  }

  /** Takes files out of the manifest and deletes them. On the committer's thread. */
  void retire(List<String> obsolete) throws IOException {
    if (obsolete.isEmpty()) {
      return;
    }
    writeManifest(with("", obsolete));
    for (String name : obsolete) {
      table.delete(name);
    }
    table.layer().syncDirectory();
  }

  /** The segments and checkpoints that count. */
  List<String> files() {
    return files;
  }

  /** Notes down what is durable, so that its loss would be noticed. */
  void close() throws IOException {
    trim();
    writeManifest(files);
    mark.close();
  }

  private List<String> with(String added, List<String> removed) {
    List<String> next = new ArrayList<>(files);
    next.remove(added);
    if (!added.isEmpty()) {
      next.add(added);
    }
    next.removeAll(removed);
    return List.copyOf(next);
  }

  private void writeManifest(List<String> next) throws IOException {
    new Manifest(FileTable.SCHEMA, epoch, durable, next).write(table.layer());
    counters.synced(0);
    files = next;
  }
}
