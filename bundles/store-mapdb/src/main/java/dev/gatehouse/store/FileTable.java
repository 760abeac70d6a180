package dev.gatehouse.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The open files that hold frames, by number: segments of the journal and checkpoints. Each begins
 * with a header of 32 bytes: magic, schema, epoch, first sequence, CRC32C of these, zeros.
 */
final class FileTable {
  static final int HEADER = 32;
  static final int SCHEMA = 1;
  static final String SEGMENT = "segment-";
  static final String CHECKPOINT = "checkpoint-";
  private static final int MAGIC = 0x47485331;

  private final FileLayer layer;
  private final Map<Integer, OpenFile> open = new ConcurrentHashMap<>();
  private final AtomicInteger numbers = new AtomicInteger();

  FileTable(FileLayer layer) {
    this.layer = layer;
  }

  FileLayer layer() {
    return layer;
  }

  static String name(String kind, long sequence) {
    return kind + "%016x".formatted(sequence);
  }

  /** The sequence in a file's name. */
  static long sequence(String name) {
    return Long.parseUnsignedLong(name.substring(name.indexOf('-') + 1), 16);
  }

  static long newEpoch() {
    return new SecureRandom().nextLong();
  }

  /** Opens an existing file. */
  OpenFile open(String name) throws IOException {
    return register(name, layer.open(name));
  }

  /** Makes a file, empty but for its header; not yet synced. */
  OpenFile create(String name, long epoch, long first) throws IOException {
    FileLayer.Handle handle = layer.open(name);
    try {
      handle.truncate(0);
      handle.write(header(epoch, first), 0);
    } catch (IOException e) {
      handle.close();
      throw e;
    }
    return register(name, handle);
  }

  /** Gives an open file another name, in place of whatever has that name. */
  OpenFile rename(OpenFile file, String name) throws IOException {
    for (OpenFile replaced : open.values()) {
      if (replaced.name().equals(name)) {
        close(replaced);
      }
    }
    layer.rename(file.name(), name);
    OpenFile renamed = new OpenFile(file.number(), name, file.handle());
    open.put(file.number(), renamed);
    return renamed;
  }

  private OpenFile register(String name, FileLayer.Handle handle) {
    OpenFile file = new OpenFile(numbers.incrementAndGet(), name, handle);
    open.put(file.number(), file);
    return file;
  }

  @Nullable OpenFile get(int number) {
    return open.get(number);
  }

  void close(OpenFile file) throws IOException {
    open.remove(file.number());
    file.handle().close();
  }

  /** Closes a file by name, if open, and deletes it. */
  void delete(String name) throws IOException {
    for (OpenFile file : open.values()) {
      if (file.name().equals(name)) {
        close(file);
      }
    }
    layer.delete(name);
  }

  void closeAll() throws IOException {
    for (OpenFile file : open.values()) {
      close(file);
    }
  }

  private static ByteBuffer header(long epoch, long first) {
    ByteBuffer header = ByteBuffer.allocate(HEADER);
    header.putInt(MAGIC).putInt(SCHEMA).putLong(epoch).putLong(first);
    header.putInt(crc(header)).putInt(0);
    return header.clear();
  }

  private static int crc(ByteBuffer header) {
    CRC32C crc = new CRC32C();
    crc.update(header.slice(0, 24));
    return (int) crc.getValue();
  }

  /** Why a file's header is not what it should be, or null if it is. */
  static @Nullable String headerFault(OpenFile file, long epoch) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER);
    if (file.handle().read(header, 0) < HEADER) {
      return "the header is cut off";
    }
    if (header.getInt(0) != MAGIC || header.getInt(24) != crc(header)) {
      return "the header's checksum is wrong";
    }
    if (header.getLong(8) != epoch) {
      return "the file belongs to another store";
    }
    if (header.getLong(16) != sequence(file.name())) {
      return "the file has another file's name";
    }
    return null;
  }

  /** An open file. */
  record OpenFile(int number, String name, FileLayer.Handle handle) {}
}
