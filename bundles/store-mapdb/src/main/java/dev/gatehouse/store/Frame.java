package dev.gatehouse.store;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The unit of the journal and of checkpoints: one batch, checksummed.
 *
 * <pre>
 *   magic    4  "GHF1"
 *   length   4  of the body, in bytes
 *   sequence 8  of the batch, from 1
 *   durable  8  the last sequence that was known to be synced when this was written
 *   crc      4  CRC32C of length, sequence, durable and body
 *   body
 * </pre>
 *
 * {@code durable} tells a tail that was never acknowledged from damage to what was: a bad stretch
 * matters only if a frame behind it was written after the stretch had been synced.
 */
record Frame(long sequence, long durable, ByteBuffer body, long position, int size) {
  static final int MAGIC = 0x47484631;
  static final int HEADER = 28;

  /** The largest body; anything that says more is damage. */
  static final int MAX_BODY = 64 << 20;

  /** Fills in the header of a frame whose body has been put behind it, at {@code start}. */
  static void seal(ByteBuffer buffer, int start, long sequence, long durable) {
    int end = buffer.position();
    int length = end - start - HEADER;
    buffer.putInt(start, MAGIC);
    buffer.putInt(start + 4, length);
    buffer.putLong(start + 8, sequence);
    buffer.putLong(start + 16, durable);
    buffer.putInt(start + 24, crc(buffer, start, length));
  }

  /** The checksum of a frame that lies at {@code start} of a buffer. */
  static int crc(ByteBuffer buffer, int start, int length) {
    CRC32C crc = new CRC32C();
    crc.update(buffer.slice(start + 4, 20));
    crc.update(buffer.slice(start + HEADER, length));
    return (int) crc.getValue();
  }

  /** Where the next frame begins. */
  long end() {
    return position + size;
  }
}
