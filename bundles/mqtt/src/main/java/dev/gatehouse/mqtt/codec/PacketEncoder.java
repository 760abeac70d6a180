package dev.gatehouse.mqtt.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The packets that a server sends. */
public final class PacketEncoder {
  private final ByteBufAllocator allocator;
  private final int version;

  /** For one connection, of protocol version 4 or 5. */
  public PacketEncoder(ByteBufAllocator allocator, int version) {
    this.allocator = allocator;
    this.version = version;
  }

  /** CONNACK (3.2); {@code code} is a return code in MQTT 3.1.1, a reason code in MQTT 5. */
  public ByteBuf connack(boolean sessionPresent, int code, Properties properties) {
    ByteBuf body = allocator.buffer();
    body.writeByte(sessionPresent ? 1 : 0).writeByte(code);
    if (version == 5) {
      properties.write(body);
    }
    return packet(0x20, body);
  }

  /** PUBACK (3.4) for a message of QoS 1, PUBREC (3.5) for one of QoS 2. */
  public ByteBuf received(int qos, int packetId, ReasonCode reason, String reasonString) {
    return acknowledgement(qos == 1 ? 0x40 : 0x50, packetId, reason, reasonString);
  }

  /** PUBREL (3.6). */
  public ByteBuf pubrel(int packetId, ReasonCode reason) {
    return acknowledgement(0x62, packetId, reason, "");
  }

  /** PUBCOMP (3.7). */
  public ByteBuf pubcomp(int packetId, ReasonCode reason) {
    return acknowledgement(0x70, packetId, reason, "");
  }

  private ByteBuf acknowledgement(int first, int packetId, ReasonCode reason, String reasonString) {
    ByteBuf body = allocator.buffer();
    body.writeShort(packetId);
    if (version == 5 && reason != ReasonCode.SUCCESS) {
      body.writeByte(reason.code());
      if (!reasonString.isEmpty()) {
        new Properties().withReason(reasonString).write(body);
      }
    }
    return packet(first, body);
  }

  /** SUBACK (3.9). */
  public ByteBuf suback(int packetId, List<Integer> codes) {
    return acknowledgement(0x90, packetId, codes);
  }

  /** UNSUBACK (3.11), which has codes in MQTT 5 only. */
  public ByteBuf unsuback(int packetId, List<Integer> codes) {
    return acknowledgement(0xB0, packetId, version == 5 ? codes : List.of());
  }

  private ByteBuf acknowledgement(int first, int packetId, List<Integer> codes) {
    ByteBuf body = allocator.buffer();
    body.writeShort(packetId);
    if (version == 5) {
      body.writeByte(0);
    }
    codes.forEach(body::writeByte);
    return packet(first, body);
  }

  /** PINGRESP (3.13). */
  public ByteBuf pingresp() {
    return allocator.buffer(2).writeByte(0xD0).writeByte(0);
  }

  /** DISCONNECT (3.14), which a server sends in MQTT 5 only. */
  public ByteBuf disconnect(ReasonCode reason, String reasonString) {
    ByteBuf body = allocator.buffer();
    body.writeByte(reason.code());
    new Properties().withReason(reasonString).write(body);
    return packet(0xE0, body);
  }

  /** PUBLISH (3.3). */
  public ByteBuf publish(
      String topic,
      int qos,
      int packetId,
      boolean retain,
      boolean duplicate,
      Properties properties,
      byte[] payload) {
    byte[] name = topic.getBytes(StandardCharsets.UTF_8);
    ByteBuf body = allocator.buffer(name.length + payload.length + 16);
    body.writeShort(name.length).writeBytes(name);
    if (qos > 0) {
      body.writeShort(packetId);
    }
    if (version == 5) {
      properties.write(body);
    }
    body.writeBytes(payload);
    return packet(0x30 | (duplicate ? 8 : 0) | qos << 1 | (retain ? 1 : 0), body);
  }

  private ByteBuf packet(int first, ByteBuf body) {
    ByteBuf packet = allocator.buffer(5 + body.readableBytes());
    packet.writeByte(first);
    Wire.writeVariable(packet, body.readableBytes());
    packet.writeBytes(body);
    body.release();
    return packet;
  }
}
