package dev.gatehouse.store;

import dev.gatehouse.api.store.Batch;
import dev.gatehouse.store.FileTable.OpenFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what {@link CheckpointWriter} wrote, frame by frame. */
final class CheckpointReader {
  private final OpenFile file;
  private final FrameReader reader;
  private final boolean salvage;
  private @Nullable String fault;
  private boolean whole;
  private boolean atEnd;
  private long position = FileTable.HEADER;
  private long sequence;
  private long required;

  /**
   * Begins at the first frame.
   *
   * @param salvage whether to read on behind damage
   */
  CheckpointReader(OpenFile file, long epoch, boolean salvage) throws IOException {
    this.file = file;
    this.reader = new FrameReader(file.handle());
    this.salvage = salvage;
    this.fault = FileTable.headerFault(file, epoch);
    this.atEnd = fault != null && !salvage;
  }

  /** What the next frame holds; null at the end, or at the first damage unless it salvages. */
  @Nullable List<BatchCodec.Entry> next() throws IOException {
    if (atEnd) {
      return null;
    }
    @Nullable Frame frame = reader.at(position);
    if (frame == null || frame.sequence() != sequence + 1) {
      fault = "damaged at offset " + position;
      frame = salvage ? reader.next(position + 1) : null;
    }
    if (frame == null) {
      atEnd = true;
      return null;
    }
    sequence = frame.sequence();
    position = frame.end();
    List<BatchCodec.Entry> entries =
        BatchCodec.decode(frame.body(), file.number(), frame.position() + Frame.HEADER);
    if (!ended(entries)) {
      return entries;
    }
    atEnd = true;
    if (fault == null && position < reader.size()) {
      fault = "longer than it should be";
    }
    whole = fault == null;
    return null;
  }

  private boolean ended(List<BatchCodec.Entry> entries) {
    if (entries.size() == 1
        && entries.get(0) instanceof BatchCodec.Row row
        && row.change() instanceof Batch.Put put
        && put.table().equals(CheckpointWriter.END_TABLE)) {
      required = Long.parseLong(new String(put.key(), StandardCharsets.US_ASCII));
      return true;
    }
    return false;
  }

  /** Whether everything to the end has been read, and nothing was wrong. */
  boolean whole() {
    return whole;
  }

  /** What is wrong with the file. */
  String fault() {
    return file.name() + ": " + fault;
  }

  /** The last batch that the journal must have, once the end has been read; else 0. */
  long required() {
    return required;
  }
}
