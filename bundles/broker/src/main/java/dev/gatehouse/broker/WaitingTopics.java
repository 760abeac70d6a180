package dev.gatehouse.broker;

import dev.gatehouse.api.message.TopicName;
import org.jspecify.annotations.Nullable;

/**
 * The topics of messages that wait in the store, as bits of their hashes: a topic that was added is
 * found, and few others are. Guarded by its outbox.
 */
final class WaitingTopics {
  private static final int BITS = 1024;

  private long @Nullable [] bits; // once there is a topic
  private boolean all;

  /** Some messages' topics are not known: any may wait. */
  void addUnknown() {
    all = true;
  }

  void add(TopicName topic) {
    long[] known = bits;
    if (known == null) {
      known = new long[BITS / Long.SIZE];
      bits = known;
    }
    int bit = bit(topic);
    known[bit / Long.SIZE] |= 1L << bit;
  }

  boolean mayContain(TopicName topic) {
    long[] known = bits;
    int bit = bit(topic);
    return all || (known != null && (known[bit / Long.SIZE] & (1L << bit)) != 0);
  }

  void clear() {
    all = false;
    bits = null;
  }

  private static int bit(TopicName topic) {
    int hash = topic.value().hashCode();
    return (hash ^ (hash >>> 16)) & (BITS - 1);
  }
}
