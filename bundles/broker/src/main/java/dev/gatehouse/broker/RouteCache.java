package dev.gatehouse.broker;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Remembers who subscribed to recent topics: one entry per slot, the newer replaces the older, and
 * an entry counts only while the trie has the revision that it was made at. Once that is over it is
 * dropped soon, so that sessions and bundles that have gone are not held on to.
 */
final class RouteCache {
  // A larger answer is cheap against its deliveries, and would make the cache heavy.
  private static final int MOST_SUBSCRIBERS = 512;

  private static final Duration LOOK = Duration.ofSeconds(30);

  private final TopicTrie trie;
  private final Timer timer;
  private final AtomicBoolean looking = new AtomicBoolean(); // as long as there are entries
  private final @Nullable AtomicReferenceArray<@Nullable Entry> slots;

  /** With at least {@code topics} slots; none if 0. */
  RouteCache(TopicTrie trie, int topics, Timer timer) {
    this.trie = trie;
    this.timer = timer;
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
      lookLater();
    }
    return subscribers;
  }

  private void lookLater() {
    if (!looking.get() && looking.compareAndSet(false, true)) {
      timer.after(LOOK, this::dropOutdated);
    }
  }

  private void dropOutdated() {
    AtomicReferenceArray<@Nullable Entry> all = Objects.requireNonNull(slots);
    looking.set(false); // before it looks: who comes meanwhile asks for the next look
    long revision = trie.revision();
    boolean left = false;
    for (int i = 0; i < all.length(); i++) {
      Entry entry = all.getAcquire(i);
      if (entry != null && entry.revision != revision) {
        all.compareAndSet(i, entry, null);
      } else {
        left |= entry != null;
      }
    }
    if (left) {
      lookLater();
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Entry(String topic, long revision, Subscriber[] subscribers) {}
}
