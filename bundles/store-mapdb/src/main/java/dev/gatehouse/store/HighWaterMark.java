package dev.gatehouse.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last sequence that was synced, in the file {@code MARK} beside the journal. The end of a
 * journal cannot tell by itself whether frames were cut off behind it; this number can.
 *
 * <p>The mark is written after each sync and before the commits of the group complete. It is not
 * synced: a killed process leaves it in the operating system's cache, and after a power cut an
 * older mark only proves less. It never runs ahead of what is durable. Two slots of 32 bytes, in
 * two sectors, are written in turn, so that a torn write leaves the other one.
 *
 * <pre>
 *   magic    4  "GHM1"
 *   zeros    4
 *   epoch    8  of the store
 *   durable  8  the last synced sequence
 *   crc      4  CRC32C of the 24 bytes before
 *   zeros    4
 * </pre>
 */
final class HighWaterMark {
  static final String NAME = "MARK";
  private static final Logger LOG = LoggerFactory.getLogger(HighWaterMark.class);
  private static final int MAGIC = 0x47484d31;
  private static final int SLOT = 32;
  private static final int SECTOR = 512;
  private static final int CRC_AT = 24;

  private final FileLayer layer;
  private final long epoch;
  private final ByteBuffer slot = ByteBuffer.allocateDirect(SLOT);
  private final CRC32C crc = new CRC32C();
  private FileLayer.@Nullable Handle file;
  private boolean odd;

  /** The mark of a store; used by the committer's thread only. */
  HighWaterMark(FileLayer layer, long epoch) {
    this.layer = layer;
    this.epoch = epoch;
  }

  /** Opens the file if it is not open; the caller syncs the directory. */
  void open(long durable) {
    if (file == null) {
      try {
        FileLayer.Handle opened = layer.open(NAME);
        if (opened.size() < SECTOR + SLOT) {
          opened.write(ByteBuffer.allocate(SECTOR + SLOT), 0);
        }
        file = opened;
      } catch (IOException e) {
        failed(e);
      }
    }
    write(durable);
  }

  /**
   * Notes down what is synced. A failure is no reason to refuse a commit that is durable: the older
   * mark stays, and the next segment tries again.
   */
  void write(long durable) {
    FileLayer.@Nullable Handle to = file;
    if (to == null) {
      return;
    }
    slot.clear();
    slot.putInt(MAGIC).putInt(0).putLong(epoch).putLong(durable);
    crc.reset();
    crc.update(slot.flip());
    slot.limit(SLOT).putInt(CRC_AT, (int) crc.getValue()).putInt(CRC_AT + 4, 0).position(0);
    try {
      odd = !odd;
      to.write(slot, odd ? SECTOR : 0);
    } catch (IOException e) {
      failed(e);
    }
  }

  private void failed(IOException cause) {
    LOG.warn(
        "event=store-mark-not-written reason=\"{}\": a cut tail of the journal might go unnoticed"
            + " until the next segment",
        cause.toString());
    close();
  }

  void close() {
    FileLayer.@Nullable Handle open = file;
    file = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        LOG.debug("event=store-mark-not-closed reason=\"{}\"", e.toString());
      }
    }
  }

  /**
   * Reads the mark.
   *
   * @return null if there is no file or neither slot is whole
   */
  static @Nullable Reading read(FileLayer layer) throws IOException {
    if (!layer.list().contains(NAME)) {
      return null;
    }
    FileLayer.Handle handle = layer.open(NAME);
    try {
      @Nullable Reading first = slot(handle, 0);
      @Nullable Reading second = slot(handle, SECTOR);
      return first == null || (second != null && second.durable() > first.durable())
          ? second
          : first;
    } finally {
      handle.close();
    }
  }

  private static @Nullable Reading slot(FileLayer.Handle handle, long position) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(SLOT);
    if (handle.read(bytes, position) < SLOT || bytes.getInt(0) != MAGIC) {
      return null;
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes.slice(0, CRC_AT));
    return (int) crc.getValue() == bytes.getInt(CRC_AT)
        ? new Reading(bytes.getLong(8), bytes.getLong(16))
        : null;
  }

  /** What a mark says. */
  record Reading(long epoch, long durable) {}
}
