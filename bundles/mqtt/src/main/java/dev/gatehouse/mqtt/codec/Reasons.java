package dev.gatehouse.mqtt.codec;

import io.netty.buffer.ByteBuf;
import java.util.Set;

/** The reason codes that a client may send, by packet type (MQTT 5.0, 3.4.2.1 to 3.14.2.1). */
final class Reasons {
  private static final Set<Integer> PUBLISHED =
      Set.of(0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99);
  private static final Set<Integer> RELEASED = Set.of(0x00, 0x92);
  private static final Set<Integer> DISCONNECTED =
      Set.of(0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99);

  private Reasons() {}

  static int read(ByteBuf body, int type) {
    int reason = Wire.readByte(body);
    if (reason == 0) {
      return 0;
    }
    Set<Integer> known =
        switch (type) {
          case 4, 5 -> PUBLISHED;
          case 6, 7 -> RELEASED;
          default -> DISCONNECTED;
        };
    if (!known.contains(reason)) {
      throw MqttException.protocol(
          "reason 0x%02x in packet type %d of a client".formatted(reason, type));
    }
    return reason;
  }
}
