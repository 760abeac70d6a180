package dev.gatehouse.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads frames of one file and finds the next good one behind damage. */
final class FrameReader {
  private static final int SCAN_BYTES = 1 << 20;
  private static final int AHEAD_BYTES = 256 << 10;

  private final FileLayer.Handle file;
  private final long size;
  private final ByteBuffer header = ByteBuffer.allocate(Frame.HEADER);
  private @Nullable ByteBuffer window;
  private ByteBuffer ahead = ByteBuffer.allocate(0);
  private long aheadAt;

  FrameReader(FileLayer.Handle file) throws IOException {
    this.file = file;
    this.size = file.size();
  }

  long size() {
    return size;
  }

  /** The frame at a position, or null if there is no good one. Its body stays valid. */
  @Nullable Frame at(long position) throws IOException {
    if (position + Frame.HEADER > size) {
      return null;
    }
    ByteBuffer bytes = bytes(position, Frame.HEADER);
    if (bytes.getInt(0) != Frame.MAGIC) {
      return null;
    }
    int length = bytes.getInt(4);
    if (length < 0 || length > Frame.MAX_BODY || position + Frame.HEADER + length > size) {
      return null;
    }
    bytes = bytes(position, Frame.HEADER + length);
    if (Frame.crc(bytes, 0, length) != bytes.getInt(24)) {
      return null;
    }
    return new Frame(
        bytes.getLong(8),
        bytes.getLong(16),
        bytes.slice(Frame.HEADER, length),
        position,
        Frame.HEADER + length);
  }

  /** Bytes of the file, with those behind them read ahead: most frames are small neighbours. */
  private ByteBuffer bytes(long position, int length) throws IOException {
    if (position < aheadAt || position + length > aheadAt + ahead.limit()) {
      int wanted = (int) Math.min(Math.max(length, AHEAD_BYTES), size - position);
      ahead = ByteBuffer.allocate(wanted);
      aheadAt = position;
      file.read(ahead, position);
      ahead.position(0);
    }
    return ahead.slice((int) (position - aheadAt), length);
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
