package dev.gatehouse.load;

import java.nio.ByteBuffer;

/** A message says who sent it, as which of its messages, and when it was due. */
final class Payload {
  static final int LENGTH = 20;
  private static final int MAGIC = 0x47486c64;

  private Payload() {}

  static void put(ByteBuffer out, int publisher, int sequence, long sentAt) {
    out.putInt(MAGIC).putInt(publisher).putInt(sequence).putLong(sentAt);
  }

  static boolean isOurs(ByteBuffer in, int at, int length) {
    return length >= LENGTH && in.getInt(at) == MAGIC;
  }

  static int publisher(ByteBuffer in, int at) {
    return in.getInt(at + 4);
  }

  static int sequence(ByteBuffer in, int at) {
    return in.getInt(at + 8);
  }

  static long sentAt(ByteBuffer in, int at) {
    return in.getLong(at + 12);
  }
}
