package dev.gatehouse.mqtt;

import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.MessageProperties;
import dev.gatehouse.api.message.Origin;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.PayloadFormat;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.message.TraceId;
import dev.gatehouse.api.time.PassedTime;
import dev.gatehouse.mqtt.codec.MqttException;
import dev.gatehouse.mqtt.codec.Packet;
import dev.gatehouse.mqtt.codec.Properties;
import dev.gatehouse.mqtt.codec.Property;
import dev.gatehouse.mqtt.codec.ReasonCode;
import java.time.Clock;
import java.util.List;

/** Turns packets into messages and messages' properties into packets'. */
final class Messages {
  private Messages() {}

  static Message of(Packet.Publish publish, TopicName topic, Origin origin, Clock clock) {
    return message(
        topic,
        publish.payload(),
        publish.qos(),
        publish.retain(),
        publish.properties(),
        origin,
        clock);
  }

  static Message of(Packet.WillPart will, Origin origin, Clock clock) {
    return message(
        topic(will.topic()),
        will.payload(),
        will.qos(),
        will.retain(),
        will.properties(),
        origin,
        clock);
  }

  private static Message message(
      TopicName topic,
      byte[] payload,
      int qos,
      boolean retain,
      Properties properties,
      Origin origin,
      Clock clock) {
    return new Message(
        origin.principal().account(),
        topic,
        Payload.of(payload),
        QoS.of(qos),
        retain,
        properties == Properties.NONE ? MessageProperties.NONE : properties(properties),
        origin,
        clock.millis(),
        TraceId.next(),
        0);
  }

  static TopicName topic(String text) {
    try {
      return new TopicName(text);
    } catch (IllegalArgumentException e) {
      // "Topic Name invalid" is for a topic that is correctly formed (MQTT 5.0, 2.4)
      throw new MqttException(ReasonCode.MALFORMED_PACKET, String.valueOf(e.getMessage()));
    }
  }

  private static MessageProperties properties(Properties properties) {
    String responseTopic = properties.text(Property.RESPONSE_TOPIC).orElse(null);
    if (responseTopic != null) {
      topic(responseTopic); // no wildcards [MQTT-3.3.2-14]
    }
    return new MessageProperties(
        properties
            .number(Property.PAYLOAD_FORMAT_INDICATOR)
            .map(number -> PayloadFormat.values()[number.intValue()])
            .orElse(null),
        properties.number(Property.MESSAGE_EXPIRY_INTERVAL).orElse(null),
        properties.text(Property.CONTENT_TYPE).orElse(null),
        responseTopic,
        properties.binary(Property.CORRELATION_DATA).map(Payload::of).orElse(null),
        properties.user().stream()
            .map(pair -> new MessageProperties.UserProperty(pair[0], pair[1]))
            .toList());
  }

  /** The seconds that are left of a message's expiry; negative if it has expired. */
  static long remainingSeconds(Message message, PassedTime passed) {
    Long expiry = message.properties().expirySeconds();
    return expiry == null
        ? Long.MAX_VALUE
        : expiry - passed.sinceMillis(message.timeMillis()) / 1000;
  }

  static Properties properties(Message message, long remaining, List<Integer> subscriptionIds) {
    MessageProperties from = message.properties();
    if (from.equals(MessageProperties.NONE) && subscriptionIds.isEmpty()) {
      return Properties.NONE;
    }
    Properties properties = new Properties();
    PayloadFormat format = from.payloadFormat();
    if (format != null) {
      properties.with(Property.PAYLOAD_FORMAT_INDICATOR, format == PayloadFormat.UTF8_DATA ? 1 : 0);
    }
    if (from.expirySeconds() != null) {
      properties.with(Property.MESSAGE_EXPIRY_INTERVAL, remaining);
    }
    String contentType = from.contentType();
    if (contentType != null) {
      properties.with(Property.CONTENT_TYPE, contentType);
    }
    String responseTopic = from.responseTopic();
    if (responseTopic != null) {
      properties.with(Property.RESPONSE_TOPIC, responseTopic);
    }
    Payload correlation = from.correlationData();
    if (correlation != null) {
      properties.with(Property.CORRELATION_DATA, correlation.bytes());
    }
    from.userProperties().forEach(user -> properties.withUser(user.name(), user.value()));
    subscriptionIds.forEach(properties::withSubscriptionId);
    return properties;
  }
}
