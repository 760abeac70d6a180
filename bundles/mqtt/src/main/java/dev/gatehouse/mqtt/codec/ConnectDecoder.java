package dev.gatehouse.mqtt.codec;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** CONNECT (3.1). */
final class ConnectDecoder {
  private ConnectDecoder() {}

  static Packet.Connect decode(ByteBuf body) {
    String protocol = Wire.readText(body);
    if (!protocol.equals("MQTT")) {
      throw new MqttException(
          ReasonCode.UNSUPPORTED_PROTOCOL_VERSION, "the protocol '" + protocol + "' is unknown");
    }
    int version = Wire.readByte(body);
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
        version, (flags & 2) != 0, keepAlive, clientId, will, userName, properties);
  }
}
