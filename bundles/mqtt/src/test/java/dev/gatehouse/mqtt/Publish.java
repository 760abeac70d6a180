package dev.gatehouse.mqtt;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** A PUBLISH that the server sent, taken apart; the properties are hex, without their length. */
record Publish(
    int qos,
    boolean duplicate,
    boolean retain,
    String topic,
    int packetId,
    String properties,
    String payload) {

  static Publish of(int version, String hex) {
    ByteBuffer in = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    int first = in.get() & 0xFF;
    if (first >> 4 != 3) {
      throw new AssertionError("not a PUBLISH: " + hex);
    }
    variable(in);
    int qos = first >> 1 & 3;
    String topic = text(in, in.getShort() & 0xFFFF);
    int id = qos == 0 ? 0 : in.getShort() & 0xFFFF;
    byte[] properties = new byte[version == 5 ? variable(in) : 0];
    in.get(properties);
    return new Publish(
        qos,
        (first & 8) != 0,
        (first & 1) != 0,
        topic,
        id,
        HexFormat.of().formatHex(properties),
        text(in, in.remaining()));
  }

  private static String text(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static int variable(ByteBuffer in) {
    int value = 0;
    int shift = 0;
    byte b;
    do {
      b = in.get();
      value |= (b & 0x7F) << shift;
      shift += 7;
    } while (b < 0);
    return value;
  }
}
