package dev.gatehouse.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A device that updates its shadows at QoS 1, in turns what is desired, which makes a delta, and
 * what is reported, which settles it. With one shadow it subscribes to the answers, as the Device
 * SDKs do; with many an update is over with its PUBACK, and the first client counts rejections.
 */
final class ShadowClient extends Connection {
  private static final int OUT = 16 * 1024;
  private static final int SLOTS = 1 << 10;
  private static final byte[] TOKEN = "\"clientToken\":\"".getBytes(StandardCharsets.US_ASCII);

  private static final String ALL_REJECTED = "$aws/things/+/shadow/update/rejected";

  private final int firstThing;
  private final String[] topics;
  private final boolean told;
  private final long[] dueAt = new long[SLOTS];
  private int sent;
  private int over;

  ShadowClient(Loop loop, Tally tally, int port, String id, int firstThing, int things) {
    super(loop, tally, port, id, OUT);
    this.firstThing = firstThing;
    topics = new String[things];
    for (int i = 0; i < things; i++) {
      topics[i] = "$aws/things/bench-" + (firstThing + i) + "/shadow/update";
    }
    told = things == 1;
  }

  @Override
  void connected(boolean sessionPresent) {
    String[] filters =
        told
            ? new String[] {topics[0] + "/accepted", topics[0] + "/rejected", topics[0] + "/delta"}
            : new String[] {firstThing == 0 ? ALL_REJECTED : topics[0] + "/rejected"};
    int length = 2;
    for (String filter : filters) {
      length += 3 + filter.length();
    }
    room(5 + length).put((byte) 0x82);
    length(length);
    out.putShort((short) 1);
    for (String filter : filters) {
      out.putShort((short) filter.length()).put(filter.getBytes(StandardCharsets.US_ASCII));
      out.put((byte) 0);
    }
    touch();
  }

  private void length(int left) {
    for (; left > 127; left >>= 7) {
      out.put((byte) (left & 0x7f | 0x80));
    }
    out.put((byte) left);
  }

  boolean hasRoom(int window) {
    return isOpen() && sent - over < window;
  }

  int underWay() {
    return sent - over;
  }

  /** Updates the next shadow. */
  void update(long due) {
    int number = ++sent;
    dueAt[number % SLOTS] = due;
    String topic = topics[number % topics.length];
    int round = number / topics.length;
    String section =
        round % 2 == 0
            ? "\"reported\":{\"level\":" + (round - 1) + ",\"temperature\":21." + round % 10 + "}"
            : "\"desired\":{\"level\":" + round + "}";
    byte[] text =
        ("{\"state\":{" + section + "},\"clientToken\":\"" + number + "\"}")
            .getBytes(StandardCharsets.US_ASCII);
    int length = 4 + topic.length() + text.length;
    room(5 + length).put((byte) 0x32);
    length(length);
    out.putShort((short) topic.length()).put(topic.getBytes(StandardCharsets.US_ASCII));
    out.putShort((short) (number % 65_535 + 1)).put(text);
    touch();
  }

  @Override
  void packet(int first, ByteBuffer in, int at, int length, long now) {
    switch (first & 0xf0) {
      case 0x30 -> answer(in, at, length, now);
      case 0x40 -> {
        tally.acknowledged++;
        int number = sent - Math.floorMod(sent - (in.getShort(at) & 0xffff) + 1, 65_535);
        tally.acknowledgement.add(now - dueAt[number % SLOTS]);
        if (!told) {
          over(number, now);
        }
      }
      case 0x90 -> served();
      default -> tally.foreign++;
    }
  }

  /** What it is, the last letter of its topic tells: accepteD, rejecteD, deltA. */
  private void answer(ByteBuffer in, int at, int length, long now) {
    int name = in.getShort(at) & 0xffff;
    int end = at + 2 + name;
    if (in.get(end - 1) == 'a') {
      return;
    }
    if (in.get(end - 8) == 'r' && in.get(end - 7) == 'e' && in.get(end - 6) == 'j') {
      if (told || firstThing == 0) {
        tally.foreign++;
      }
      if (told) {
        over++;
      }
      return;
    }
    over(token(in, end, at + length), now);
  }

  /** The number after the last {@code "clientToken":"}. */
  private static int token(ByteBuffer in, int from, int end) {
    for (int i = end - TOKEN.length; i >= from; i--) {
      int same = 0;
      while (same < TOKEN.length && in.get(i + same) == TOKEN[same]) {
        same++;
      }
      if (same == TOKEN.length) {
        int number = 0;
        for (int digit = i + same; in.get(digit) != '"'; digit++) {
          number = number * 10 + in.get(digit) - '0';
        }
        return number;
      }
    }
    throw new Refused("an answer without the client token that was sent");
  }

  private void over(int number, long now) {
    if (number != over + 1) {
      tally.reordered++;
    }
    over++;
    tally.received++;
    tally.lastDelivery = now;
    tally.delivery.add(now - dueAt[number % SLOTS]);
  }
}
