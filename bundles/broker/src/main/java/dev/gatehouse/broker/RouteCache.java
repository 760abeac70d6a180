package dev.gatehouse.broker;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Remembers who subscribed to recent topics: one entry per slot, the newer replaces the older, and
 * an entry counts only while the trie has the revision that it was made at.
 */
final class RouteCache {
  // A larger answer is cheap against its deliveries, and would make the cache heavy.
  private static final int MOST_SUBSCRIBERS = 512;

  private final TopicTrie trie;
  private final @Nullable AtomicReferenceArray<@Nullable Entry> slots;

  /** With at least {@code topics} slots; none if 0. */
  RouteCache(TopicTrie trie, int topics) {
    this.trie = trie;
    this.slots =
        topics == 0
            ? null
            : new AtomicReferenceArray<>(topics == 1 ? 1 : Integer.highestOneBit(topics - 1) * 2);
  }

  Subscriber[] match(String topic) {
    if (slots == null) {
      return trie.match(topic);
    }
    int hash = topic.hashCode();
    int slot = (hash ^ (hash >>> 16)) & (slots.length() - 1);
    long revision = trie.revision();
    Entry entry = slots.getAcquire(slot);
    if (entry != null && entry.revision == revision && entry.topic.equals(topic)) {
      return entry.subscribers;
    }
    Subscriber[] subscribers = trie.match(topic);
    if (subscribers.length <= MOST_SUBSCRIBERS) {
      slots.setRelease(slot, new Entry(topic, revision, subscribers));
    }
    return subscribers;
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Entry(String topic, long revision, Subscriber[] subscribers) {}
}
