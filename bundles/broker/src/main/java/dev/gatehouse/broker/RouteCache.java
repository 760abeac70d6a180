package dev.gatehouse.broker;

import dev.gatehouse.api.memory.MemoryShare;
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

  // Long topics are rare, and a client may make up as many as it likes.
  private static final int MOST_CHARACTERS = 256;

  private static final int ENTRY_BYTES = 100;

  private static final Duration LOOK = Duration.ofSeconds(30);

  private final TopicTrie trie;
  private final Timer timer;
  private final MemoryShare memory;
  private final AtomicBoolean looking = new AtomicBoolean(); // as long as there are entries
  private final @Nullable AtomicReferenceArray<@Nullable Entry> slots;

  /** With at least {@code topics} slots; none if 0. */
  RouteCache(TopicTrie trie, int topics, Timer timer, MemoryShare memory) {
    this.trie = trie;
    this.memory = memory;
    this.timer = timer;
    this.slots =
        topics == 0
            ? null
            : new AtomicReferenceArray<>(topics == 1 ? 1 : Integer.highestOneBit(topics - 1) * 2);
  }

  Subscriber[] match(String topic) {
    if (slots == null || topic.length() > MOST_CHARACTERS) {
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
      keep(slots, slot, new Entry(topic, revision, subscribers, bytes(topic, subscribers)));
      lookLater();
    }
    return subscribers;
  }

  private void keep(AtomicReferenceArray<@Nullable Entry> all, int slot, Entry entry) {
    release(all.getAndSet(slot, null)); // first, so that its bytes are there for the new one
    // a cache that is full is no reason to call the share full
    boolean room = memory.usedBytes() + entry.bytes <= memory.limitBytes() / 10 * 9;
    if (room && memory.tryTake(entry.bytes)) {
      release(all.getAndSet(slot, entry));
    }
  }

  private void release(@Nullable Entry entry) {
    if (entry != null) {
      memory.release(entry.bytes);
    }
  }

  /** An entry holds the sessions of its subscribers too, for a while after their end. */
  private static int bytes(String topic, Subscriber[] subscribers) {
    int bytes = ENTRY_BYTES + 2 * topic.length();
    for (Subscriber subscriber : subscribers) {
      bytes += 8;
      if (subscriber instanceof SessionSubscription subscription) {
        bytes += 2 * subscription.session.clientId.length();
      }
    }
    return bytes;
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
        if (all.compareAndSet(i, entry, null)) {
          memory.release(entry.bytes);
        }
      } else {
        left |= entry != null;
      }
    }
    if (left) {
      lookLater();
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Entry(String topic, long revision, Subscriber[] subscribers, int bytes) {}
}
