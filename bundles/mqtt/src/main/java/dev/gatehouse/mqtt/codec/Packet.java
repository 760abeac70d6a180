package dev.gatehouse.mqtt.codec;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The packets that a client sends. */
public sealed interface Packet {

  /**
   * CONNECT (3.1).
   *
   * @param version 4 for MQTT 3.1.1, 5 for MQTT 5
   * @param bridge whether the client says that it is a bridge of another broker
   */
  record Connect(
      int version,
      boolean bridge,
      boolean cleanStart,
      int keepAliveSeconds,
      String clientId,
      @Nullable WillPart will,
      @Nullable String userName,
      Properties properties)
      implements Packet {}

  /** The will inside a CONNECT. */
  record WillPart(String topic, byte[] payload, int qos, boolean retain, Properties properties) {}

  /** PUBLISH (3.3); {@code packetId} is 0 for QoS 0. */
  record Publish(
      String topic,
      int packetId,
      int qos,
      boolean retain,
      boolean duplicate,
      Properties properties,
      byte[] payload)
      implements Packet {}

  /** PUBACK, PUBREC, PUBREL or PUBCOMP (3.4 to 3.7), by their type number 4 to 7. */
  record Acknowledgement(int type, int packetId, int reason) implements Packet {}

  /** SUBSCRIBE (3.8). */
  record Subscribe(int packetId, List<Topic> topics, Properties properties) implements Packet {
    /** A filter with its options byte, validated. */
    public record Topic(String filter, int options) {}
  }

  /** UNSUBSCRIBE (3.10). */
  record Unsubscribe(int packetId, List<String> filters) implements Packet {}

  /** PINGREQ (3.12). */
  record Ping() implements Packet {}

  /** DISCONNECT (3.14). */
  record Disconnect(int reason, Properties properties) implements Packet {}

  /** AUTH (3.15). */
  record Auth() implements Packet {}
}
