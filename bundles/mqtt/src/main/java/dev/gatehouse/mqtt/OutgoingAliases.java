package dev.gatehouse.mqtt;

import dev.gatehouse.api.memory.MemoryShare;
import java.util.HashMap;
import java.util.Map;

/**
 * The aliases of topics to one client (MQTT 5.0, 3.3.2.3.4): its first topics get them, as many as
 * it takes, while there is memory.
 */
final class OutgoingAliases {
  private static final int MOST = 64; // more would remember topics that come once
  private static final int LONGEST = 1_024; // characters of a topic
  static final int ALIAS_BYTES = 140; // with its topic's objects and its place in a map

  private final int most;
  private final MemoryShare memory;
  private final Map<String, Integer> byTopic = new HashMap<>(4);
  private long bytes;

  /** For a client that takes so many. */
  OutgoingAliases(int most, MemoryShare memory) {
    this.most = Math.min(most, MOST);
    this.memory = memory;
  }

  /** The alias of a topic; negative if this is its first use, 0 if it gets none. */
  int of(String topic) {
    Integer known = byTopic.get(topic);
    if (known != null) {
      return known;
    }
    return byTopic.size() < most
            && topic.length() <= LONGEST
            && memory.usedBytes() + bytes(topic) <= memory.limitBytes() / 2
        ? -(byTopic.size() + 1)
        : 0;
  }

  /** The first use is on its way. */
  void set(String topic, int alias) {
    memory.take(bytes(topic));
    bytes += bytes(topic);
    byTopic.put(topic, alias);
  }

  /** The connection is over. */
  void close() {
    memory.release(bytes);
    bytes = 0;
    byTopic.clear();
  }

  private static long bytes(String topic) {
    return ALIAS_BYTES + 2L * topic.length();
  }
}
