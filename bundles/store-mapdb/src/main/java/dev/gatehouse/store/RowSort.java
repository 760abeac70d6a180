package dev.gatehouse.store;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Sorts changes of rows, more than fit on the heap, and merges them with rows that are sorted: of
 * each key the latest change counts. What the heap's share cannot hold is written to a file, as
 * sorted runs; that costs a fraction of changing a tree once for each row.
 */
final class RowSort implements Closeable {
  /** Bytes that a change takes on the heap beside its key and value. */
  private static final int OVERHEAD = 80;

  /** Bytes of all runs that are read ahead. */
  private static final int READ_AHEAD = 4 << 20;

  private final Path file;
  private final long heapBytes;
  private final List<Run> runs = new ArrayList<>();
  private List<Change> buffer = new ArrayList<>();
  private long buffered;
  private @Nullable FileChannel channel;

  RowSort(Path file, long heapBytes) throws IOException {
    this.file = file;
    this.heapBytes = heapBytes;
    Files.deleteIfExists(file);
  }

  /** A row that is set, or removed if its value is null. */
  record Change(byte[] key, byte @Nullable [] value) {}

  /** Changes in ascending order of their keys; null when there are no more. */
  interface Source {
    @Nullable Change next() throws IOException;
  }

  /** Takes rows in ascending order. */
  interface Sink {
    void row(byte[] key, byte[] value);
  }

  private record Run(long from, long to) {}

  /**
   * Adds a change, later than all before it.
   *
   * @throws IOException if the file cannot be written; everything that was added can be merged all
   *     the same
   */
  void add(byte[] key, byte @Nullable [] value) throws IOException {
    buffer.add(new Change(key, value));
    buffered += key.length + (value == null ? 0 : value.length) + OVERHEAD;
    if (buffered > heapBytes) {
      spill();
    }
  }

  private void spill() throws IOException {
    FileChannel into = channel;
    if (into == null) {
      into =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      channel = into;
    }
    long from = runs.isEmpty() ? 0 : runs.get(runs.size() - 1).to();
    into.truncate(from).position(from);
    DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(into), 64 << 10));
    Source sorted = sorted();
    for (Change change = sorted.next(); change != null; change = sorted.next()) {
      byte @Nullable [] value = change.value();
      out.writeInt(change.key().length);
      out.writeInt(value == null ? -1 : value.length);
      out.write(change.key());
      out.write(value == null ? new byte[0] : value);
    }
    out.flush();
    runs.add(new Run(from, into.position()));
    buffer = new ArrayList<>();
    buffered = 0;
  }

  /** What is on the heap, each key once. */
  private Source sorted() {
    buffer.sort((one, other) -> Arrays.compareUnsigned(one.key(), other.key())); // stable
    int[] at = new int[1];
    return () -> {
      while (at[0] < buffer.size()) {
        Change change = buffer.get(at[0]++);
        if (at[0] == buffer.size() || !Arrays.equals(change.key(), buffer.get(at[0]).key())) {
          return change; // the last of its key
        }
      }
      return null;
    };
  }

  /** Gives all rows to a sink: those of a source, as the changes left them. */
  void merge(Source oldest, Sink into) throws IOException {
    PriorityQueue<Cursor> cursors = new PriorityQueue<>(Cursor.ORDER);
    int ahead = Math.max(512, Math.min(64 << 10, READ_AHEAD / (runs.size() + 1)));
    advance(cursors, oldest, 0);
    for (int i = 0; i < runs.size(); i++) {
      advance(cursors, reader(runs.get(i), ahead), i + 1);
    }
    advance(cursors, sorted(), runs.size() + 1);
    byte @Nullable [] last = null;
    for (Cursor next = cursors.poll(); next != null; next = cursors.poll()) {
      byte[] key = next.change.key();
      if (last == null || !Arrays.equals(last, key)) {
        last = key;
        byte @Nullable [] value = next.change.value();
        if (value != null) {
          into.row(key, value);
        }
      }
      advance(cursors, next.source, next.age);
    }
  }

  private static void advance(PriorityQueue<Cursor> cursors, Source source, int age)
      throws IOException {
    @Nullable Change change = source.next();
    if (change != null) {
      cursors.add(new Cursor(change, source, age));
    }
  }

  private Source reader(Run run, int ahead) {
    DataInputStream in = new DataInputStream(new BufferedInputStream(new RunInput(run), ahead));
    return () -> {
      int keyLength;
      try {
        keyLength = in.readInt();
      } catch (EOFException end) {
        return null;
      }
      int valueLength = in.readInt();
      byte[] key = in.readNBytes(keyLength);
      return new Change(key, valueLength < 0 ? null : in.readNBytes(valueLength));
    };
  }

  @Override
  public void close() throws IOException {
    buffer = new ArrayList<>();
    runs.clear();
    if (channel != null) {
      channel.close();
      channel = null;
      Files.deleteIfExists(file);
    }
  }

  /** The next change of a source; of equal keys the latest comes first. */
  private record Cursor(Change change, Source source, int age) {
    static final Comparator<Cursor> ORDER =
        ((Comparator<Cursor>)
                (one, other) -> Arrays.compareUnsigned(one.change.key(), other.change.key()))
            .thenComparing(Comparator.comparingInt(Cursor::age).reversed());
  }

  /** The bytes of a run. */
  private final class RunInput extends InputStream {
    private final long to;
    private long at;

    RunInput(Run run) {
      this.at = run.from();
      this.to = run.to();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int wanted = (int) Math.min(length, to - at);
      if (wanted == 0 || channel == null) {
        return -1;
      }
      int count = channel.read(ByteBuffer.wrap(into, offset, wanted), at);
      at += count;
      return count;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }
  }
}
