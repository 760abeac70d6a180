package dev.gatehouse.store;

import dev.gatehouse.store.BatchCodec.Location;
import dev.gatehouse.store.FileTable.OpenFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads entries of queues from where they lie, and checks that they are what was written. */
final class EntryReader {
  private static final int TRIES = 5;
  private static final int SPAN = 128 << 10; // bytes of one read, unless an entry has more
  private static final int GAP = 4 << 10; // bytes between entries that cost less than a read

  private final State state;
  private final FileTable table;

  EntryReader(State state, FileTable table) {
    this.state = state;
    this.table = table;
  }

  /** An entry, read. */
  record Stored(long number, byte[] header, byte[] value) {}

  private record Place(long number, Location location) {}

  /** Bytes of a file. */
  private record Piece(int file, long position, int length) {
    /** With its checksum. */
    static Piece value(Location location) {
      return new Piece(
          location.file(), location.valuePosition(), location.valueLength() + Integer.BYTES);
    }

    static Piece header(Location location) {
      return new Piece(location.file(), location.headerPosition(), location.headerLength());
    }

    long end() {
      return position + length;
    }
  }

  List<Stored> read(String queue, long from, int maxEntries, int maxBytes) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return read(places(queue, from, maxEntries, maxBytes));
      } catch (FileGone e) {
        // A checkpoint has just moved the entries; the index knows where to.
        if (attempt == TRIES) {
          throw e;
        }
      }
    }
  }

  private List<Stored> read(List<Place> places) throws IOException {
    List<Piece> pieces = new ArrayList<>(2 * places.size());
    for (Place place : places) {
      pieces.add(Piece.value(place.location()));
      pieces.add(Piece.header(place.location()));
    }
    List<ByteBuffer> bytes = bytes(pieces);
    List<Stored> entries = new ArrayList<>(places.size());
    for (int i = 0; i < places.size(); i++) {
      entries.add(entry(places.get(i), bytes.get(2 * i), bytes.get(2 * i + 1)));
    }
    return entries;
  }

  /** Neighbours come with one read: what a queue holds was mostly written in one go. */
  private List<ByteBuffer> bytes(List<Piece> pieces) throws IOException {
    List<ByteBuffer> bytes = new ArrayList<>(pieces.size());
    int next = 0;
    while (next < pieces.size()) {
      Piece first = pieces.get(next);
      int after = next + 1;
      while (after < pieces.size() && near(first, pieces.get(after - 1), pieces.get(after))) {
        after++;
      }
      long begin = first.position();
      ByteBuffer read = read(first, (int) (pieces.get(after - 1).end() - begin));
      for (Piece piece : pieces.subList(next, after)) {
        bytes.add(read.slice((int) (piece.position() - begin), piece.length()));
      }
      next = after;
    }
    return bytes;
  }

  /** Whether reading on costs less than a read of its own. */
  private static boolean near(Piece first, Piece last, Piece next) {
    return next.file() == first.file()
        && next.position() >= last.end()
        && next.position() - last.end() <= GAP
        && next.end() - first.position() <= SPAN;
  }

  private List<Place> places(String queue, long from, int maxEntries, int maxBytes) {
    return state.readQueue(
        queue,
        index -> {
          List<Place> places = new ArrayList<>();
          if (index == null) {
            return places;
          }
          int bytes = 0;
          for (int at = index.indexOf(from); at < index.end(); at++) {
            if (places.size() == maxEntries || (bytes >= maxBytes && !places.isEmpty())) {
              break;
            }
            Location location = index.location(at);
            places.add(new Place(index.number(at), location));
            bytes += location.bytes();
          }
          return places;
        });
  }

  private ByteBuffer read(Piece first, int length) throws IOException {
    @Nullable OpenFile file = table.get(first.file());
    if (file == null) {
      throw new FileGone("file " + first.file() + " is gone");
    }
    ByteBuffer bytes = ByteBuffer.allocate(length);
    try {
      file.handle().read(bytes, first.position());
    } catch (ClosedChannelException e) {
      throw new FileGone(file.name() + " was closed");
    }
    return bytes.rewind();
  }

  private static Stored entry(Place place, ByteBuffer value, ByteBuffer header) throws IOException {
    Location location = place.location();
    byte[] bytes = new byte[location.valueLength()];
    value.get(bytes);
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    if ((int) crc.getValue() != value.getInt()) {
      throw new IOException(
          "file %d is damaged at offset %d: wrong checksum"
              .formatted(location.file(), location.valuePosition()));
    }
    byte[] head = new byte[location.headerLength()];
    header.get(head);
    return new Stored(place.number(), head, bytes);
  }

  /** The file was let go between look-up and read. */
  private static final class FileGone extends IOException {
    private static final long serialVersionUID = 1L;

    FileGone(String message) {
      super(message);
    }
  }
}
