package dev.gatehouse.store;

import dev.gatehouse.store.FileTable.OpenFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads entries of queues from where they lie, and checks that they are what was written. */
final class EntryReader {
  private static final int TRIES = 5;

  private final State state;
  private final FileTable table;

  EntryReader(State state, FileTable table) {
    this.state = state;
    this.table = table;
  }

  /** An entry, read. */
  record Stored(long number, byte[] header, byte[] value) {}

  private record Place(long number, BatchCodec.Location location) {}

  List<Stored> read(String queue, long from, int maxEntries, int maxBytes) throws IOException {
    for (int attempt = 1; ; attempt++) {
      List<Place> places = places(queue, from, maxEntries, maxBytes);
      List<Stored> entries = new ArrayList<>(places.size());
      try {
        for (Place place : places) {
          entries.add(read(place));
        }
        return entries;
      } catch (FileGone e) {
        // A checkpoint has just moved the entries; the index knows where to.
        if (attempt == TRIES) {
          throw e;
        }
      }
    }
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
            BatchCodec.Location location = index.location(at);
            places.add(new Place(index.number(at), location));
            bytes += location.bytes();
          }
          return places;
        });
  }

  private Stored read(Place place) throws IOException {
    BatchCodec.Location location = place.location();
    @Nullable OpenFile file = table.get(location.file());
    if (file == null) {
      throw new FileGone("file " + location.file() + " is gone");
    }
    ByteBuffer header = ByteBuffer.allocate(location.headerLength());
    ByteBuffer value = ByteBuffer.allocate(location.valueLength() + 4);
    try {
      file.handle().read(header, location.headerPosition());
      file.handle().read(value, location.valuePosition());
    } catch (java.nio.channels.ClosedChannelException e) {
      throw new FileGone(file.name() + " was closed");
    }
    CRC32C crc = new CRC32C();
    crc.update(value.slice(0, location.valueLength()));
    if ((int) crc.getValue() != value.getInt(location.valueLength())) {
      throw new IOException(
          file.name() + " is damaged at offset " + location.valuePosition() + ": wrong checksum");
    }
    byte[] bytes = new byte[location.valueLength()];
    value.get(0, bytes);
    return new Stored(place.number(), header.array(), bytes);
  }

  /** The file was let go between look-up and read. */
  private static final class FileGone extends IOException {
    private static final long serialVersionUID = 1L;

    FileGone(String message) {
      super(message);
    }
  }
}
