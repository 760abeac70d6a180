package dev.gatehouse.mqtt.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;

/** The packets that a server sends, appended to a buffer. Stateless but for the version. */
public final class PacketEncoder {
  private final int version;
  private final int maxPacketBytes;
  private final boolean problems;

  /**
   * For one connection.
   *
   * @param version 4 or 5
   * @param maxPacketBytes what the client takes; reason strings that do not fit are left out
   * @param problems whether acknowledgements may have reason strings [MQTT-3.1.2-29]
   */
  public PacketEncoder(int version, int maxPacketBytes, boolean problems) {
    this.version = version;
    this.maxPacketBytes = maxPacketBytes;
    this.problems = problems;
  }

  /** 4 or 5. */
  public int version() {
    return version;
  }

  /** What the client takes. */
  public int maxPacketBytes() {
    return maxPacketBytes;
  }

  /** CONNACK (3.2); {@code code} is a return code in MQTT 3.1.1, a reason code in MQTT 5. */
  public void connack(ByteBuf out, boolean sessionPresent, int code, Properties properties) {
    int length = 2 + propertiesLength(properties);
    begin(out, 0x20, length);
    out.writeByte(sessionPresent ? 1 : 0).writeByte(code);
    write(out, properties);
  }

  /** CONNACK of a refusal; its reason string is left out if it does not fit [MQTT-3.2.2-19]. */
  public void refusal(ByteBuf out, int code, String reasonString) {
    connack(out, false, code, version == 5 ? fitting(reasonString) : Properties.NONE);
  }

  /** Whether the client takes a CONNACK with such properties [MQTT-3.1.2-24]. */
  public boolean fits(Properties connack) {
    int length = 2 + propertiesLength(connack);
    return 1 + Wire.variableLength(length) + length <= maxPacketBytes;
  }

  /** Whether the client takes a SUBACK or UNSUBACK of so many codes. */
  public boolean fits(int codes) {
    int length = 3 + codes;
    return 1 + Wire.variableLength(length) + length <= maxPacketBytes;
  }

  /** PUBACK (3.4) for a message of QoS 1, PUBREC (3.5) for one of QoS 2. */
  public void received(ByteBuf out, int qos, int packetId, ReasonCode reason, String reasonString) {
    acknowledgement(out, qos == 1 ? 0x40 : 0x50, packetId, reason, reasonString);
  }

  /** PUBREL (3.6). */
  public void pubrel(ByteBuf out, int packetId, ReasonCode reason) {
    acknowledgement(out, 0x62, packetId, reason, "");
  }

  /** PUBCOMP (3.7). */
  public void pubcomp(ByteBuf out, int packetId, ReasonCode reason) {
    acknowledgement(out, 0x70, packetId, reason, "");
  }

  private void acknowledgement(
      ByteBuf out, int first, int packetId, ReasonCode reason, String reasonString) {
    if (version != 5 || reason == ReasonCode.SUCCESS) {
      begin(out, first, 2);
      out.writeShort(packetId);
    } else if (reasonString.isEmpty() || !problems) {
      begin(out, first, 3);
      out.writeShort(packetId).writeByte(reason.code());
    } else {
      Properties properties = fitting(reasonString);
      begin(out, first, 3 + propertiesLength(properties));
      out.writeShort(packetId).writeByte(reason.code());
      write(out, properties);
    }
  }

  /** SUBACK (3.9). */
  public void suback(ByteBuf out, int packetId, List<Integer> codes) {
    acknowledgement(out, 0x90, packetId, codes);
  }

  /** UNSUBACK (3.11), which has codes in MQTT 5 only. */
  public void unsuback(ByteBuf out, int packetId, List<Integer> codes) {
    acknowledgement(out, 0xB0, packetId, version == 5 ? codes : List.of());
  }

  private void acknowledgement(ByteBuf out, int first, int packetId, List<Integer> codes) {
    begin(out, first, 2 + propertiesLength(Properties.NONE) + codes.size());
    out.writeShort(packetId);
    write(out, Properties.NONE);
    codes.forEach(out::writeByte);
  }

  /** PINGRESP (3.13). */
  public void pingresp(ByteBuf out) {
    begin(out, 0xD0, 0);
  }

  /** DISCONNECT (3.14), which a server sends in MQTT 5 only. */
  public void disconnect(ByteBuf out, ReasonCode reason, String reasonString) {
    Properties properties = fitting(reasonString);
    begin(out, 0xE0, 1 + propertiesLength(properties));
    out.writeByte(reason.code());
    write(out, properties);
  }

  private Properties fitting(String reasonString) {
    Properties properties = new Properties().withReason(reasonString);
    int most = propertiesLength(properties) + 8; // with all that stands before them
    return most <= maxPacketBytes ? properties : Properties.NONE;
  }

  /** Size of a PUBLISH, all of it, in bytes. */
  public int publishSize(String topic, int qos, Properties properties, int payloadBytes) {
    int length = publishLength(topic, qos, properties, payloadBytes);
    return 1 + Wire.variableLength(length) + length;
  }

  /** PUBLISH (3.3) without its payload, which follows. */
  public void publish(
      ByteBuf out,
      String topic,
      int qos,
      int packetId,
      boolean retain,
      boolean duplicate,
      Properties properties,
      int payloadBytes) {
    begin(
        out,
        0x30 | (duplicate ? 8 : 0) | qos << 1 | (retain ? 1 : 0),
        publishLength(topic, qos, properties, payloadBytes));
    Wire.writeText(out, topic);
    if (qos > 0) {
      out.writeShort(packetId);
    }
    write(out, properties);
  }

  private int publishLength(String topic, int qos, Properties properties, int payloadBytes) {
    return 2
        + ByteBufUtil.utf8Bytes(topic)
        + (qos > 0 ? 2 : 0)
        + propertiesLength(properties)
        + payloadBytes;
  }

  private static void begin(ByteBuf out, int first, int length) {
    out.writeByte(first);
    Wire.writeVariable(out, length);
  }

  private int propertiesLength(Properties properties) {
    if (version != 5) {
      return 0;
    }
    if (properties.empty()) {
      return 1;
    }
    ByteBuf measured = Unpooled.buffer();
    properties.write(measured);
    int length = measured.readableBytes();
    measured.release();
    return length;
  }

  private void write(ByteBuf out, Properties properties) {
    if (version == 5) {
      properties.write(out);
    }
  }
}
