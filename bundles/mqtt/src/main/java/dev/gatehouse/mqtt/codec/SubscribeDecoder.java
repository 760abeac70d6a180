package dev.gatehouse.mqtt.codec;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** SUBSCRIBE (3.8) and UNSUBSCRIBE (3.10). */
final class SubscribeDecoder {
  private SubscribeDecoder() {}

  static Packet.Subscribe subscribe(ByteBuf body, int version) {
    int packetId = PacketDecoder.packetId(body);
    Properties properties =
        version == 5 ? Properties.read(body, Property.Place.SUBSCRIBE) : Properties.NONE;
    List<Packet.Subscribe.Topic> topics = new ArrayList<>(2);
    while (body.isReadable()) {
      String filter = Wire.readText(body);
      int options = Wire.readByte(body);
      boolean reserved = version == 5 ? (options & 0xC0) != 0 : (options & 0xFC) != 0;
      if (reserved || (options & 3) == 3 || (options >> 4 & 3) == 3) {
        throw MqttException.malformed("subscription options 0x" + Integer.toHexString(options));
      }
      topics.add(new Packet.Subscribe.Topic(filter, options));
    }
    if (topics.isEmpty()) {
      throw MqttException.protocol("SUBSCRIBE without a topic filter [MQTT-3.8.3-2]");
    }
    return new Packet.Subscribe(packetId, topics, properties);
  }

  static Packet.Unsubscribe unsubscribe(ByteBuf body, int version) {
    int packetId = PacketDecoder.packetId(body);
    if (version == 5) {
      Properties.read(body, Property.Place.UNSUBSCRIBE);
    }
    List<String> filters = new ArrayList<>(2);
    while (body.isReadable()) {
      filters.add(Wire.readText(body));
    }
    if (filters.isEmpty()) {
      throw MqttException.protocol("UNSUBSCRIBE without a topic filter [MQTT-3.10.3-2]");
    }
    return new Packet.Unsubscribe(packetId, filters);
  }
}
