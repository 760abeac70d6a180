package dev.gatehouse.store;

import dev.gatehouse.api.store.Batch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The body of a frame: changes one after the other, each a type byte and its fields; texts and
 * bytes come with their length in front. Expectations are not written: they have been met.
 */
final class BatchCodec {
  private static final byte PUT = 1;
  private static final byte DELETE = 2;
  private static final byte APPEND = 3;
  private static final byte TRIM = 4;
  private static final byte DROP = 5;

  private BatchCodec() {}

  /** An upper bound of what {@link #encode} writes. */
  static int maxSize(Batch batch) {
    int size = 0;
    for (Batch.Change change : batch.changes()) {
      if (change instanceof Batch.Put put) {
        size += 9 + text(put.table()) + put.key().length + put.value().length;
      } else if (change instanceof Batch.Delete delete) {
        size += 5 + text(delete.table()) + delete.key().length;
      } else if (change instanceof Batch.Append append) {
        size += 13 + append.value().length;
        for (Batch.Target target : append.targets()) {
          size += 12 + text(target.queue()) + target.header().length;
        }
      } else if (change instanceof Batch.Trim trim) {
        size += 9 + text(trim.queue());
      } else if (change instanceof Batch.Drop drop) {
        size += 1 + text(drop.queue());
      }
    }
    return size;
  }

  private static int text(String text) {
    return 2 + 3 * text.length();
  }

  /**
   * Writes a batch.
   *
   * @param file where the buffer will be written
   * @param shift what must be added to the buffer's positions to get the file's
   * @return the changes as {@link State} applies them
   */
  static List<Entry> encode(Batch batch, ByteBuffer out, int file, long shift) {
    List<Entry> entries = new ArrayList<>(batch.changes().size());
    for (Batch.Change change : batch.changes()) {
      if (change instanceof Batch.Append append) {
        putAppend(out, append, file, shift, entries);
      } else if (!(change instanceof Batch.Expect)) {
        putRow(out, change);
        entries.add(new Row(change));
      }
    }
    return entries;
  }

  private static void putRow(ByteBuffer out, Batch.Change change) {
    if (change instanceof Batch.Put put) {
      out.put(PUT);
      putText(out, put.table());
      putBytes(out, put.key());
      putBytes(out, put.value());
    } else if (change instanceof Batch.Delete delete) {
      out.put(DELETE);
      putText(out, delete.table());
      putBytes(out, delete.key());
    } else if (change instanceof Batch.Trim trim) {
      out.put(TRIM);
      putText(out, trim.queue());
      out.putLong(trim.upTo());
    } else if (change instanceof Batch.Drop drop) {
      out.put(DROP);
      putText(out, drop.queue());
    }
  }

  private static void putAppend(
      ByteBuffer out, Batch.Append append, int file, long shift, List<Entry> entries) {
    out.put(APPEND);
    int length = append.value().length;
    out.putInt(length);
    long valuePosition = shift + out.position();
    out.put(append.value());
    CRC32C crc = new CRC32C();
    crc.update(append.value());
    out.putInt((int) crc.getValue());
    out.putInt(append.targets().size());
    for (Batch.Target target : append.targets()) {
      putText(out, target.queue());
      out.putLong(target.number());
      out.putShort((short) target.header().length);
      long headerPosition = shift + out.position();
      out.put(target.header());
      entries.add(
          new Appended(
              target.queue(),
              target.number(),
              new Location(file, headerPosition, target.header().length, valuePosition, length)));
    }
  }

  private static void putText(ByteBuffer out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.putShort((short) bytes.length);
    out.put(bytes);
  }

  private static void putBytes(ByteBuffer out, byte[] bytes) {
    out.putInt(bytes.length);
    out.put(bytes);
  }

  /**
   * Reads a body back.
   *
   * @param bodyPosition where the body lies in its file; appended values are given by position
   */
  static List<Entry> decode(ByteBuffer body, int file, long bodyPosition) {
    ByteBuffer in = body.duplicate();
    List<Entry> entries = new ArrayList<>();
    while (in.hasRemaining()) {
      byte type = in.get();
      switch (type) {
        case PUT -> entries.add(new Row(new Batch.Put(text(in), bytes(in), bytes(in))));
        case DELETE -> entries.add(new Row(new Batch.Delete(text(in), bytes(in))));
        case APPEND -> decodeAppend(in, file, bodyPosition, entries);
        case TRIM -> entries.add(new Row(new Batch.Trim(text(in), in.getLong())));
        case DROP -> entries.add(new Row(new Batch.Drop(text(in))));
        default -> throw new IllegalArgumentException("change of unknown type " + type);
      }
    }
    return entries;
  }

  private static void decodeAppend(
      ByteBuffer in, int file, long bodyPosition, List<Entry> entries) {
    int length = in.getInt();
    long valuePosition = bodyPosition + in.position();
    in.position(in.position() + length + 4);
    int targets = in.getInt();
    for (int i = 0; i < targets; i++) {
      String queue = text(in);
      long number = in.getLong();
      int headerLength = in.getShort() & 0xFFFF;
      long headerPosition = bodyPosition + in.position();
      in.position(in.position() + headerLength);
      entries.add(
          new Appended(
              queue,
              number,
              new Location(file, headerPosition, headerLength, valuePosition, length)));
    }
  }

  private static String text(ByteBuffer in) {
    byte[] bytes = new byte[in.getShort() & 0xFFFF];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static byte[] bytes(ByteBuffer in) {
    byte[] bytes = new byte[in.getInt()];
    in.get(bytes);
    return bytes;
  }

  /** A decoded change. */
  sealed interface Entry {}

  /** A change that carries all its data. */
  record Row(Batch.Change change) implements Entry {}

  /** An entry of a queue, whose data stays in its file. */
  record Appended(String queue, long number, Location location) implements Entry {}

  /** Where an entry of a queue lies. The value's CRC32C follows it. */
  record Location(
      int file, long headerPosition, int headerLength, long valuePosition, int valueLength) {
    int bytes() {
      return headerLength + valueLength;
    }
  }
}
