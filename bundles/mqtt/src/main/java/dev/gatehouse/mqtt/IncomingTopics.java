package dev.gatehouse.mqtt;

import dev.gatehouse.api.memory.MemoryShare;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.mqtt.codec.MqttException;
import dev.gatehouse.mqtt.codec.Packet;
import dev.gatehouse.mqtt.codec.Property;
import dev.gatehouse.mqtt.codec.ReasonCode;
import org.jspecify.annotations.Nullable;

/**
 * The topics that one client publishes to, and its aliases for them (MQTT 5.0, 3.3.2.3.4), which
 * the server must keep, so that there is a bound on their bytes.
 */
final class IncomingTopics {
  private static final @Nullable TopicName[] NONE = {};
  private static final int MOST_BYTES = 64 << 10; // of one connection's aliases
  private static final int LONGEST_KEPT = 256; // characters of the last topic

  private final int most;
  private final MemoryShare memory;
  private long bytes; // of the aliases
  private @Nullable TopicName[] aliases = NONE; // as long as is told when the first is set
  private @Nullable TopicName last;
  private MqttLimits checked; // the limits that these topics were looked at with

  /** For a client that was told these limits. */
  IncomingTopics(MqttLimits told, int topicAliases, MemoryShare memory) {
    most = topicAliases;
    this.memory = memory;
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
      last = topic.value().length() <= LONGEST_KEPT ? topic : null;
    }
    if (alias > 0) {
      set(alias, topic);
    }
    return topic;
  }

  @SuppressWarnings("ReferenceEquality") // a client says alias and topic again and again
  private void set(int alias, TopicName topic) {
    TopicName before = aliases[alias];
    if (before == topic) {
      return;
    }
    long more = bytes(topic) - (before == null ? 0 : bytes(before));
    if (more > 0 && (bytes + more > MOST_BYTES || !memory.tryTake(more))) {
      throw new MqttException(
          ReasonCode.QUOTA_EXCEEDED,
          "topic alias %d for a topic of %d characters: there is no memory for it"
              .formatted(alias, topic.value().length()));
    }
    if (more < 0) {
      memory.release(-more);
    }
    bytes += more;
    aliases[alias] = topic;
  }

  private static long bytes(TopicName topic) {
    return OutgoingAliases.ALIAS_BYTES + 2L * topic.value().length();
  }

  /** The connection is over. */
  void close() {
    memory.release(bytes);
    bytes = 0;
    aliases = NONE;
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
