package dev.gatehouse.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The table of contents: what must be there. Replaced whole, by rename.
 *
 * @param schema of the files; a newer one than ours is not touched
 * @param durable the store once knew that everything up to here was synced
 * @param files names of segments and checkpoints
 */
record Manifest(int schema, long epoch, long durable, List<String> files) {
  static final String NAME = "MANIFEST";
  private static final String NEXT = "MANIFEST.next";
  private static final int LIMIT = 1 << 20;

  Manifest {
    files = List.copyOf(files);
  }

  void write(FileLayer layer) throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("gatehouse-store ").append(schema).append('\n');
    text.append("epoch ").append(Long.toHexString(epoch)).append('\n');
    text.append("durable ").append(durable).append('\n');
    files.forEach(file -> text.append("file ").append(file).append('\n'));
    String crc = crc(text.toString());
    text.append("crc ").append(crc).append('\n');
    FileLayer.Handle handle = layer.open(NEXT);
    try {
      handle.truncate(0);
      handle.write(ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.US_ASCII)), 0);
      handle.sync();
    } finally {
      handle.close();
    }
    layer.rename(NEXT, NAME);
    layer.syncDirectory();
  }

  /**
   * Reads it.
   *
   * @throws IOException if it cannot be read or is damaged; the message says how
   */
  static Manifest read(FileLayer layer) throws IOException {
    String text = text(layer);
    int end = text.lastIndexOf("crc ");
    if (end < 0 || !text.substring(end).equals("crc " + crc(text.substring(0, end)) + "\n")) {
      throw new IOException(NAME + ": the checksum is wrong");
    }
    int schema = 0;
    long epoch = 0;
    long durable = 0;
    List<String> files = new ArrayList<>();
    for (String line : text.substring(0, end).split("\n")) {
      String value = line.substring(line.indexOf(' ') + 1);
      switch (line.substring(0, Math.max(0, line.indexOf(' ')))) {
        case "gatehouse-store" -> schema = Integer.parseInt(value);
        case "epoch" -> epoch = Long.parseUnsignedLong(value, 16);
        case "durable" -> durable = Long.parseLong(value);
        case "file" -> files.add(value);
        default -> throw new IOException(NAME + ": the line '" + line + "' is unknown");
      }
    }
    return new Manifest(schema, epoch, durable, files);
  }

  private static String text(FileLayer layer) throws IOException {
    FileLayer.Handle handle = layer.open(NAME);
    try {
      long size = handle.size();
      if (size > LIMIT) {
        throw new IOException(
            NAME + " is " + size + " bytes long, at most " + LIMIT + " make sense");
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) size);
      handle.read(bytes, 0);
      return new String(bytes.array(), StandardCharsets.US_ASCII);
    } finally {
      handle.close();
    }
  }

  private static String crc(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.US_ASCII));
    return Long.toHexString(crc.getValue());
  }
}
