package dev.gatehouse.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Publishes to one topic. With a {@link Pacer} its writing belongs to the pacer's thread, its
 * reading to the loop's, and the socket orders what they share; QoS 2, whose acknowledgements are
 * answered, is not paced.
 */
final class Publisher extends Connection {
  private static final int OUT = 128 * 1024;
  private static final int TIMES = 1024;

  private final int qos;
  private final int size;
  private final ByteBuffer filler;
  private final byte[] states = new byte[65_536];
  private final long[] sentAt = new long[TIMES];
  private int number;
  private ByteBuffer head;
  private int length;
  private int sequence;
  private int packetId;
  private int acknowledged;

  Publisher(
      Loop loop, Tally tally, int port, String id, int number, String topic, int qos, int size) {
    super(loop, tally, port, id, OUT);
    this.qos = qos;
    filler = ByteBuffer.allocate(size - Payload.LENGTH);
    while (filler.hasRemaining()) {
      filler.put((byte) 'x');
    }
    filler.flip();
    this.size = size;
    aim(number, topic);
  }

  /** From now on it publishes to this topic, as another publisher. */
  void aim(int publisher, String topic) {
    number = publisher;
    sequence = 0;
    byte[] name = topic.getBytes(StandardCharsets.US_ASCII);
    int left = 2 + name.length + (qos > 0 ? 2 : 0) + size;
    head = ByteBuffer.allocate(5 + 2 + name.length).put((byte) (0x30 | qos << 1));
    do {
      head.put((byte) (left > 127 ? left & 0x7f | 0x80 : left));
      left >>= 7;
    } while (left > 0);
    head.putShort((short) name.length).put(name).flip();
    length = head.limit() + (qos > 0 ? 2 : 0) + size;
  }

  @Override
  void connected(boolean sessionPresent) {
    served();
  }

  boolean hasRoom(int window) {
    return out.remaining() >= length && (qos == 0 || sequence - acknowledged < window) && isOpen();
  }

  boolean isSettled() {
    return !isOpen() || out.position() == 0 && (qos == 0 || sequence == acknowledged);
  }

  /** Into {@link #out} only. */
  void publish(long due) {
    out.put(head.rewind());
    if (qos > 0) {
      packetId = packetId % 65_535 + 1;
      states[packetId] = 1;
      sentAt[packetId % TIMES] = due;
      out.putShort((short) packetId);
    }
    Payload.put(out, number, sequence++, due);
    out.put(filler.rewind());
  }

  @Override
  void packet(int first, ByteBuffer in, int at, int length, long now) {
    int id = in.getShort(at) & 0xffff;
    int expected = (first & 0xf0) == 0x70 ? 2 : 1;
    if (states[id] != expected) {
      tally.foreign++;
    } else if ((first & 0xf0) == 0x50) {
      states[id] = 2;
      room(4).put((byte) 0x62).put((byte) 2).putShort((short) id);
      touch();
    } else {
      states[id] = 0;
      acknowledged++;
      tally.acknowledged++;
      tally.acknowledgement.add(now - sentAt[id % TIMES]);
    }
  }
}
