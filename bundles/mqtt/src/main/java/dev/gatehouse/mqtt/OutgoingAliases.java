package dev.gatehouse.mqtt;

import java.util.HashMap;
import java.util.Map;

/**
 * The aliases of topics to one client (MQTT 5.0, 3.3.2.3.4): its first topics get them, as many as
 * it takes.
 */
final class OutgoingAliases {
  private static final int MOST = 64; // more would remember topics that come once

  private final int most;
  private final Map<String, Integer> byTopic = new HashMap<>(4);

  /** For a client that takes so many. */
  OutgoingAliases(int most) {
    this.most = Math.min(most, MOST);
  }

  /** The alias of a topic; negative if this is its first use, 0 if it gets none. */
  int of(String topic) {
    Integer known = byTopic.get(topic);
    return known != null ? known : byTopic.size() < most ? -(byTopic.size() + 1) : 0;
  }

  /** The first use is on its way. */
  void set(String topic, int alias) {
    byTopic.put(topic, alias);
  }
}
