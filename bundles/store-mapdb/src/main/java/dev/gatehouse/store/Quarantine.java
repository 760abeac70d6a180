package dev.gatehouse.store;

import dev.gatehouse.store.FileTable.OpenFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Copies of damaged stretches, kept for whoever wants to look into them. */
final class Quarantine {
  private static final int LIMIT = 8 << 20;

  private Quarantine() {}

  static void keep(FileLayer layer, OpenFile file, long from, long to) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(LIMIT, to - from));
    file.handle().read(bytes, from);
    bytes.flip();
    FileLayer.Handle copy = layer.open("quarantine-" + file.name() + "-" + from);
    try {
      copy.truncate(0);
      copy.write(bytes, 0);
      copy.sync();
    } finally {
      copy.close();
    }
  }
}
