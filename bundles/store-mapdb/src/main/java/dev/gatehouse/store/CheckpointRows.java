package dev.gatehouse.store;

import dev.gatehouse.api.store.Batch;
import java.io.IOException;
import java.util.Collections;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** The rows of a checkpoint, in the order of the file. */
final class CheckpointRows {
  private final CheckpointReader reader;
  private final boolean salvage;
  private Iterator<BatchCodec.Entry> frame = Collections.emptyIterator();

  CheckpointRows(CheckpointReader reader, boolean salvage) {
    this.reader = reader;
    this.salvage = salvage;
  }

  /**
   * The next row, null if there are no more.
   *
   * @throws IOException if the file, which was whole when it was checked, is not any more
   */
  Batch.@Nullable Put next() throws IOException {
    while (true) {
      while (frame.hasNext()) {
        if (frame.next() instanceof BatchCodec.Row row && row.change() instanceof Batch.Put put) {
          return put;
        }
      }
      var entries = reader.next();
      if (entries == null) {
        if (!salvage && !reader.whole()) {
          throw new IOException(reader.fault() + "; a moment ago it was whole");
        }
        return null;
      }
      frame = entries.iterator();
    }
  }
}
