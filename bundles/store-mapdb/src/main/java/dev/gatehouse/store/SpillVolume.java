package dev.gatehouse.store;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.mapdb.CC;
import org.mapdb.volume.ByteBufferVol;

/**
 * MapDB's pages: the first ones in direct memory, those past a limit in a file that is mapped. A
 * page is never moved. Mapped pages cost no system call to read or write; the kernel writes them
 * out and takes their memory back as it needs.
 *
 * <p>The file grows by zeros that are written, not by a hole, so that a full disk fails the call
 * that needs a page rather than a later access to it. No file is open between two growths: a thread
 * that is interrupted while it reads closes nothing.
 */
final class SpillVolume extends ByteBufferVol {
  private static final int PAGE = 1 << CC.PAGE_SHIFT;

  /** Pages of one mapping at most: a process may have some 65,000 mappings. */
  private static final int MOST = 16;

  private final Path file;
  private final int memoryPages;

  /**
   * An empty volume.
   *
   * @param file deleted now and at the end; made when it is needed
   * @param memoryBytes of pages in direct memory, rounded up to a whole page of 1 MB
   */
  SpillVolume(Path file, long memoryBytes) {
    super(false, CC.PAGE_SHIFT, false);
    this.file = file;
    this.memoryPages = (int) ((memoryBytes + PAGE - 1) / PAGE);
    delete();
  }

  @Override
  public void ensureAvailable(long end) {
    int pages = (int) ((end + PAGE - 1) / PAGE);
    if (pages <= slices.length) {
      return;
    }
    growLock.lock();
    try {
      while (slices.length < pages) {
        grow();
      }
    } finally {
      growLock.unlock();
    }
  }

  private void grow() {
    ByteBuffer[] before = slices;
    if (before.length < memoryPages) {
      ByteBuffer[] grown = Arrays.copyOf(before, before.length + 1);
      grown[before.length] = ByteBuffer.allocateDirect(PAGE);
      slices = grown;
      return;
    }
    int inFile = before.length - memoryPages;
    int pages = Math.min(MOST, inFile / 8 + 1);
    ByteBuffer mapped = map((long) inFile * PAGE, pages);
    ByteBuffer[] grown = Arrays.copyOf(before, before.length + pages);
    for (int i = 0; i < pages; i++) {
      grown[before.length + i] = mapped.slice(i * PAGE, PAGE);
    }
    slices = grown;
  }

  /** Writes the next zeros of the file and maps them, in spite of interruptions. */
  private ByteBuffer map(long from, int pages) {
    boolean interrupted = Thread.interrupted();
    try (RandomAccessFile grown = new RandomAccessFile(file.toFile(), "rw")) {
      byte[] zeros = new byte[PAGE];
      grown.seek(from);
      for (int i = 0; i < pages; i++) {
        grown.write(zeros);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot grow " + file, e);
    }
    try {
      while (true) {
        try (RandomAccessFile grown = new RandomAccessFile(file.toFile(), "rw")) {
          return grown.getChannel().map(FileChannel.MapMode.READ_WRITE, from, (long) pages * PAGE);
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot map " + file, e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void truncate(long size) {
    ensureAvailable(size); // what has been given stays
  }

  @Override
  public void close() {
    growLock.lock();
    try {
      if (closed.compareAndSet(false, true)) {
        slices = new ByteBuffer[0];
        delete();
      }
    } finally {
      growLock.unlock();
    }
  }

  private void delete() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + file, e);
    }
  }

  @Override
  public void sync() {
    // it is rebuilt at each start
  }

  @Override
  public long length() {
    return (long) slices.length * PAGE;
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  @Override
  public @Nullable File getFile() {
    return null;
  }

  @Override
  public boolean getFileLocked() {
    return false;
  }
}
