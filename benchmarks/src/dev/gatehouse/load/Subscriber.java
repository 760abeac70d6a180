package dev.gatehouse.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Subscribes, acknowledges and checks what comes. */
final class Subscriber extends Connection {
  private static final int SMALL = 256;

  private final String filter;
  private final int qos;
  private final Tally.Flow[] flows;
  private final int firstPublisher;

  /** False: the session has the subscription. */
  boolean subscribes = true;

  private boolean asked;

  /**
   * @param firstPublisher the lowest number of those whose messages it gets, so many
   */
  Subscriber(
      Loop loop, Tally tally, int port, String id, String filter, int qos, int first, int many) {
    super(loop, tally, port, id, SMALL);
    this.filter = filter;
    this.qos = qos;
    firstPublisher = first;
    flows = new Tally.Flow[many];
    for (int i = 0; i < many; i++) {
      flows[i] = tally.new Flow();
    }
  }

  @Override
  void connected(boolean sessionPresent) {
    if (!subscribes) {
      served();
      return;
    }
    byte[] bytes = filter.getBytes(StandardCharsets.US_ASCII);
    room(64 + bytes.length).put((byte) 0x82).put((byte) (5 + bytes.length)).putShort((short) 1);
    out.putShort((short) bytes.length).put(bytes).put((byte) qos);
    touch();
  }

  @Override
  void packet(int first, ByteBuffer in, int at, int length, long now) {
    switch (first & 0xf0) {
      case 0x30 -> published(first, in, at, length, now);
      case 0x60 -> answer(0x70, in.getShort(at));
      case 0x90 -> {
        int granted = in.get(at + 2);
        if (granted != qos) {
          throw new Refused("QoS " + qos + " subscription answered with " + (granted & 0xff));
        }
        served();
      }
      case 0xd0 -> asked = false;
      default -> tally.foreign++;
    }
  }

  /** Asks for a sign of life; when it has come, the broker has read what was written before. */
  void ask() {
    asked = true;
    room(2).put((byte) 0xc0).put((byte) 0);
    touch();
  }

  boolean isAnswered() {
    return !asked || !isOpen();
  }

  private void published(int first, ByteBuffer in, int at, int length, long now) {
    int payload = at + 2 + (in.getShort(at) & 0xffff);
    int delivered = first >> 1 & 3;
    if (delivered > 0) {
      answer(delivered == 1 ? 0x40 : 0x50, in.getShort(payload));
      payload += 2;
    }
    int flow = -1;
    if (Payload.isOurs(in, payload, at + length - payload)) {
      flow = Payload.publisher(in, payload) - firstPublisher;
    }
    if (flow < 0 || flow >= flows.length) {
      tally.foreign++;
      return;
    }
    flows[flow].mark(Payload.sequence(in, payload), Payload.sentAt(in, payload), now);
  }

  private void answer(int type, short packetId) {
    room(4).put((byte) type).put((byte) 2).putShort(packetId);
    touch();
  }
}
