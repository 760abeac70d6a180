package dev.gatehouse.mqtt.codec;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** CONNECT (3.1). */
final class ConnectDecoder {
  /** Bytes up to and with the protocol version. */
  static final int VERSION_ENDS = 7;

  private static final long PROTOCOL = 0x0004_4D51_5454L; // "MQTT" with its length
  private static final int BRIDGE = 0x80;

  private ConnectDecoder() {}

  /** The protocol version of a CONNECT of which not all is there; 0 if it is none. */
  static int version(ByteBuf body) {
    int at = body.readerIndex();
    long protocol = (long) body.getUnsignedShort(at) << 32 | body.getUnsignedInt(at + 2);
    return protocol == PROTOCOL ? body.getUnsignedByte(at + 6) : 0;
  }

  static Packet.Connect decode(ByteBuf body) {
    String protocol = Wire.readText(body);
    if (!protocol.equals("MQTT")) {
      throw new MqttException(
          ReasonCode.UNSUPPORTED_PROTOCOL_VERSION, "the protocol '" + protocol + "' is unknown");
    }
    int level = Wire.readByte(body);
    // bridges of mosquitto and others say with the highest bit of MQTT 3.1.1 that they are bridges
    boolean bridge = level == (BRIDGE | 4);
    int version = bridge ? 4 : level;
    if (version != 4 && version != 5) {
      throw new MqttException(
          ReasonCode.UNSUPPORTED_PROTOCOL_VERSION,
          "protocol version " + version + "; 4 (MQTT 3.1.1) and 5 are spoken");
    }
    int flags = Wire.readByte(body);
    boolean hasWill = (flags & 0x04) != 0;
    int willQos = flags >> 3 & 3;
    boolean willRetain = (flags & 0x20) != 0;
    boolean hasPassword = (flags & 0x40) != 0;
    boolean hasUserName = (flags & 0x80) != 0;
    if ((flags & 1) != 0 || willQos == 3 || (!hasWill && (willQos != 0 || willRetain))) {
      throw MqttException.malformed("the flags of CONNECT contradict each other");
    }
    if (version == 4 && hasPassword && !hasUserName) {
      throw MqttException.malformed("a password without a user name [MQTT-3.1.2-22]");
    }
    int keepAlive = Wire.readShort(body);
    Properties properties =
        version == 5 ? Properties.read(body, Property.Place.CONNECT) : Properties.NONE;
    String clientId = Wire.readText(body);
    Packet.@Nullable WillPart will = null;
    if (hasWill) {
      Properties willProperties =
          version == 5 ? Properties.read(body, Property.Place.WILL) : Properties.NONE;
      will =
          new Packet.WillPart(
              Wire.readText(body), Wire.readBinary(body), willQos, willRetain, willProperties);
    }
    String userName = hasUserName ? Wire.readText(body) : null;
    if (hasPassword) {
      Wire.readBinary(body); // nobody is known by a password
    }
    return new Packet.Connect(
        version, bridge, (flags & 2) != 0, keepAlive, clientId, will, userName, properties);
  }
}
