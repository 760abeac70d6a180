package dev.gatehouse.mqtt.codec;

import io.netty.buffer.ByteBuf;

/** PUBLISH (3.3). */
final class PublishDecoder {
  private PublishDecoder() {}

  static Packet.Publish decode(ByteBuf body, int flags, int version, LastTopic topics) {
    int qos = flags >> 1 & 3;
    boolean duplicate = (flags & 8) != 0;
    if (qos == 3) {
      throw MqttException.malformed("QoS 3 does not exist [MQTT-3.3.1-4]");
    }
    if (duplicate && qos == 0) {
      throw MqttException.malformed("DUP with QoS 0 [MQTT-3.3.1-2]");
    }
    String topic = topics.read(body);
    int packetId = qos == 0 ? 0 : PacketDecoder.packetId(body);
    Properties properties =
        version == 5 ? Properties.read(body, Property.Place.PUBLISH) : Properties.NONE;
    byte[] payload = new byte[body.readableBytes()];
    body.readBytes(payload);
    return new Packet.Publish(
        topic, packetId, qos, (flags & 1) != 0, duplicate, properties, payload);
  }
}
