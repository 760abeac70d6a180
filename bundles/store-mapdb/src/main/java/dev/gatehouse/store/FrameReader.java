package dev.gatehouse.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads frames of one file and finds the next good one behind damage. */
final class FrameReader {
  private static final int SCAN_BYTES = 1 << 20;

  private final FileLayer.Handle file;
  private final long size;
  private final ByteBuffer header = ByteBuffer.allocate(Frame.HEADER);
  private @Nullable ByteBuffer window;

  FrameReader(FileLayer.Handle file) throws IOException {
    this.file = file;
    this.size = file.size();
  }

  long size() {
    return size;
  }

  /** The frame at a position, or null if there is no good one. */
  @Nullable Frame at(long position) throws IOException {
    if (position + Frame.HEADER > size) {
      return null;
    }
    header.clear();
    file.read(header, position);
    if (header.getInt(0) != Frame.MAGIC) {
      return null;
    }
    int length = header.getInt(4);
    if (length < 0 || length > Frame.MAX_BODY || position + Frame.HEADER + length > size) {
      return null;
    }
    ByteBuffer whole = ByteBuffer.allocate(Frame.HEADER + length);
    file.read(whole, position);
    if (Frame.crc(whole, 0, length) != whole.getInt(24)) {
      return null;
    }
    return new Frame(
        whole.getLong(8),
        whole.getLong(16),
        whole.slice(Frame.HEADER, length),
        position,
        Frame.HEADER + length);
  }

  /** Bytes of the frame that claims to begin at a position, good or not; 0 if none does. */
  long lengthAt(long position) throws IOException {
    header.clear();
    if (file.read(header, position) < Frame.HEADER || header.getInt(0) != Frame.MAGIC) {
      return 0;
    }
    int length = header.getInt(4);
    return length < 0 || length > Frame.MAX_BODY ? 0 : Frame.HEADER + length;
  }

  /** The first good frame that begins at or behind a position, or null if none does. */
  @Nullable Frame next(long from) throws IOException {
    @Nullable Frame here = at(from);
    if (here != null) {
      return here;
    }
    ByteBuffer window = this.window == null ? ByteBuffer.allocate(SCAN_BYTES) : this.window;
    this.window = window;
    for (long base = from; base + Frame.HEADER <= size; base += SCAN_BYTES - 3) {
      window.clear();
      int count = file.read(window, base);
      for (int i = 0; i + 4 <= count; i++) {
        if (window.getInt(i) == Frame.MAGIC) {
          Frame frame = at(base + i);
          if (frame != null) {
            return frame;
          }
        }
      }
    }
    return null;
  }
}
