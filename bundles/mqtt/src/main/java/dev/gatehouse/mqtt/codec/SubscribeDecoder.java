package dev.gatehouse.mqtt.codec;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** SUBSCRIBE (3.8) and UNSUBSCRIBE (3.10). */
final class SubscribeDecoder {
  private SubscribeDecoder() {}

  static Packet.Subscribe subscribe(ByteBuf body, int version, int mostFilters) {
    int packetId = PacketDecoder.packetId(body);
    Properties properties =
        version == 5 ? Properties.read(body, Property.Place.SUBSCRIBE) : Properties.NONE;
    requireFew("SUBSCRIBE", body, 1, mostFilters);
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

  static Packet.Unsubscribe unsubscribe(ByteBuf body, int version, int mostFilters) {
    int packetId = PacketDecoder.packetId(body);
    if (version == 5) {
      Properties.read(body, Property.Place.UNSUBSCRIBE);
    }
    requireFew("UNSUBSCRIBE", body, 0, mostFilters);
    List<String> filters = new ArrayList<>(2);
    while (body.isReadable()) {
      filters.add(Wire.readText(body));
    }
    if (filters.isEmpty()) {
      throw MqttException.protocol("UNSUBSCRIBE without a topic filter [MQTT-3.10.3-2]");
    }
    return new Packet.Unsubscribe(packetId, filters);
  }

  /** Counts the filters before any is read: as objects they are fifty times as large. */
  private static void requireFew(String packet, ByteBuf body, int optionBytes, int most) {
    int count = 0;
    int at = body.readerIndex();
    while (at + 2 <= body.writerIndex()) {
      at += 2 + body.getUnsignedShort(at) + optionBytes;
      count++;
    }
    if (count > most) {
      throw new MqttException(
          ReasonCode.QUOTA_EXCEEDED,
          "%s with %d topic filters, at most %d are taken".formatted(packet, count, most));
    }
  }
}
