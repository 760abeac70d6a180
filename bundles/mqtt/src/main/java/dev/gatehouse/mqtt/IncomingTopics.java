package dev.gatehouse.mqtt;

import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.mqtt.codec.MqttException;
import dev.gatehouse.mqtt.codec.Packet;
import dev.gatehouse.mqtt.codec.Property;
import dev.gatehouse.mqtt.codec.ReasonCode;
import org.jspecify.annotations.Nullable;

/** The topics that one client publishes to, and its aliases for them (MQTT 5.0, 3.3.2.3.4). */
final class IncomingTopics {
  private static final @Nullable TopicName[] NONE = {};

  private final int most;
  private @Nullable TopicName[] aliases = NONE; // as long as is told when the first is set
  private @Nullable TopicName last;
  private MqttLimits checked; // the limits that these topics were looked at with

  /** For a client that was told these limits. */
  IncomingTopics(MqttLimits told) {
    most = told.topicAliases();
    checked = told;
  }

  /** The topic of a message, by its name or its alias. */
  @SuppressWarnings("ReferenceEquality") // whether they changed, asked for each message
  TopicName of(Packet.Publish publish, MqttLimits limits) {
    if (limits != checked) {
      look(limits);
    }
    int alias =
        publish.properties().empty()
            ? -1
            : publish.properties().number(Property.TOPIC_ALIAS).orElse(-1L).intValue();
    if (alias == 0 || alias > most) {
      throw new MqttException(
          ReasonCode.TOPIC_ALIAS_INVALID, "topic alias " + alias + " is not 1 to " + most);
    }
    if (alias > 0 && aliases.length == 0) {
      aliases = new @Nullable TopicName[most + 1];
    }
    if (publish.topic().isEmpty() && alias > 0) {
      TopicName known = aliases[alias];
      if (known == null) {
        throw new MqttException(ReasonCode.PROTOCOL_ERROR, "topic alias " + alias + " is not set");
      }
      return known;
    }
    TopicName topic = last;
    if (topic == null || !topic.value().equals(publish.topic())) {
      topic = read(publish.topic(), limits);
      last = topic;
    }
    if (alias > 0) {
      aliases[alias] = topic;
    }
    return topic;
  }

  private static TopicName read(String text, MqttLimits limits) {
    if (text.isEmpty()) {
      throw new MqttException(
          ReasonCode.PROTOCOL_ERROR, "a topic that is empty, and no alias for it (3.3.2.1)");
    }
    TopicName topic = Messages.topic(text);
    requireWithin(limits, text);
    return topic;
  }

  /** Limits changed: what was within them need not be any more. */
  private void look(MqttLimits limits) {
    checked = limits;
    last = null;
    for (TopicName known : aliases) {
      if (known != null) {
        requireWithin(limits, known.value());
      }
    }
  }

  private static void requireWithin(MqttLimits limits, String topic) {
    String fault = limits.fault("topic", topic);
    if (fault != null) {
      throw new MqttException(ReasonCode.TOPIC_NAME_INVALID, fault);
    }
  }
}
