package dev.gatehouse.broker;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.memory.MemoryShare;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.time.PassedTime;
import dev.gatehouse.broker.BrokerSettings.Limit;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The retained messages of one account, in memory and in the store; changed under the ledger. */
final class Retained {
  private static final long KEPT_BYTES = 120; // its place in the map

  private final Account account;
  private final Supplier<BrokerSettings> settings;
  private final Budget budget;
  private final NavigableMap<String, Kept> kept = new ConcurrentSkipListMap<>(); // by topic
  private final AtomicLong revision = new AtomicLong(); // changed under the ledger

  Retained(Account account, Supplier<BrokerSettings> settings, Budget budget) {
    this.account = account;
    this.settings = settings;
    this.budget = budget;
  }

  /** What all accounts retain together. */
  static final class Budget {
    private final Supplier<BrokerSettings> settings;
    private final MemoryShare memory;
    private final AtomicLong messages = new AtomicLong();

    Budget(Supplier<BrokerSettings> settings, MemoryShare memory) {
      this.settings = settings;
      this.memory = memory;
    }

    long messages() {
      return messages.get();
    }

    long bytes() {
      return memory.usedBytes();
    }

    /** False if there is no room; what makes others' room larger always has its own. */
    private boolean tryTake(long moreMessages, long moreBytes) {
      Limit limit = settings.get().retained();
      if (messages.get() + moreMessages > limit.messages()
          || (moreBytes > 0
              && (bytes() + moreBytes > limit.bytes() || !memory.tryTake(moreBytes)))) {
        return false;
      }
      messages.addAndGet(moreMessages);
      if (moreBytes < 0) {
        memory.release(-moreBytes);
      }
      return true;
    }

    /** For a message that is there already. */
    private void take(long moreMessages, long moreBytes) {
      messages.addAndGet(moreMessages);
      if (moreBytes < 0) {
        memory.release(-moreBytes);
      } else {
        memory.take(moreBytes);
      }
    }
  }

  boolean empty() {
    return kept.isEmpty();
  }

  /** Grows with each change. */
  long revision() {
    return revision.get();
  }

  /** Whether a message is what its topic has. */
  @SuppressWarnings("ReferenceEquality") // another one with the same content is newer
  boolean current(Message message) {
    Kept now = kept.get(message.topic().value());
    return now != null && now.message == message;
  }

  /** All that a new subscription gets, in the order of topics. */
  List<Message> matching(TopicFilter filter, PassedTime passed) {
    RetainedFeed all = new RetainedFeed(filter, revision.get(), false, "");
    return page(all, Integer.MAX_VALUE, Long.MAX_VALUE, passed).messages();
  }

  /**
   * What comes next of what a new subscription gets.
   *
   * @param end whether nothing comes after it
   */
  record Page(List<Message> messages, boolean end) {}

  /** At least one message, if there is one, however large. */
  Page page(RetainedFeed feed, int mostMessages, long mostBytes, PassedTime passed) {
    List<Message> found = new ArrayList<>();
    long bytes = 0;
    TopicFilter filter = feed.filter;
    String prefix = filter.wildcard() ? literalPrefix(filter.value()) : filter.value();
    String after = feed.after();
    boolean begun = after.compareTo(prefix) >= 0 && !after.isEmpty();
    for (Kept each : kept.tailMap(begun ? after : prefix, !begun).values()) {
      TopicName topic = each.message.topic();
      boolean beyond =
          filter.wildcard() ? !topic.value().startsWith(prefix) : !topic.value().equals(prefix);
      if (beyond) {
        break;
      }
      if (each.revision > feed.revision || each.expired(passed) || !matches(filter, topic)) {
        continue;
      }
      if (found.size() == mostMessages || (bytes >= mostBytes && !found.isEmpty())) {
        return new Page(found, false);
      }
      found.add(each.message);
      bytes += cost(each.message);
    }
    return new Page(found, true);
  }

  private boolean matches(TopicFilter filter, TopicName topic) {
    String text = filter.value();
    boolean parent = text.endsWith("/#") && filter.matches(topic) && !beyond(text, topic.value());
    return parent ? settings.get().parentMatch() : filter.matches(topic);
  }

  /** Whether a topic has more levels than stand before the filter's {@code /#}. */
  private static boolean beyond(String filter, String topic) {
    return topic.chars().filter(c -> c == '/').count()
        >= filter.chars().filter(c -> c == '/').count();
  }

  /** All topics that match begin with this. */
  private static String literalPrefix(String filter) {
    int end = 0;
    while (filter.charAt(end) != '+' && filter.charAt(end) != '#') {
      end++;
    }
    // a/# also matches a
    return filter.charAt(end) == '#' && end > 0
        ? filter.substring(0, end - 1)
        : filter.substring(0, end);
  }

  /** Takes a row that the store holds. */
  void restore(Message message) {
    Kept before = kept.put(message.topic().value(), new Kept(message, true, 0));
    budget.take(
        before == null ? 1 : 0, cost(message) - (before == null ? 0 : cost(before.message)));
  }

  /** A change by one publish with RETAIN; an empty payload deletes [MQTT-3.3.1-6]. */
  final class Update {
    private final Message message;
    private @Nullable Kept before;
    private @Nullable Kept after;
    private boolean changed;
    private boolean refused;

    Update(Message message) {
      this.message = message;
    }

    /** True if there is no room for it. */
    boolean refused() {
      return refused;
    }

    /** Changes memory and adds the row's change. Under the ledger. */
    void addTo(Batch batch) {
      String topic = message.topic().value();
      before = kept.get(topic);
      after = message.payload().length() == 0 ? null : new Kept(message, false, revision.get() + 1);
      if (after == null ? before == null : before != null && before.sameAs(message)) {
        return;
      }
      long messages = (after == null ? 0L : 1L) - (before == null ? 0L : 1L);
      long bytes =
          (after == null ? 0 : cost(message)) - (before == null ? 0 : cost(before.message));
      if (after != null && !budget.tryTake(messages, bytes)) {
        refused = true;
        return;
      }
      changed = true;
      revision.incrementAndGet();
      if (after == null) {
        budget.take(messages, bytes);
      }
      byte[] key = Keys.of(account, topic);
      if (after == null) {
        kept.remove(topic);
        batch.delete(Keys.RETAINED, key);
      } else {
        kept.put(topic, after);
        batch.put(Keys.RETAINED, key, MessageRow.write(message));
      }
    }

    /** The batch is over: what is not durable is undone unless another change came after it. */
    void committed(boolean durable) {
      if (!changed) {
        return;
      }
      Kept now = after;
      if (durable) {
        if (now != null) {
          now.durable = true;
        }
      } else if (now != null && before != null) {
        if (kept.replace(message.topic().value(), now, before)) {
          budget.take(0, cost(before.message) - cost(message));
        }
      } else if (now != null) {
        if (kept.remove(message.topic().value(), now)) {
          budget.take(-1, -cost(message));
        }
      } else if (before != null && kept.putIfAbsent(message.topic().value(), before) == null) {
        budget.take(1, cost(before.message));
      }
    }
  }

  private static long cost(Message message) {
    return message.heapBytes() + KEPT_BYTES;
  }

  /** One retained message. Compared by identity. */
  private static final class Kept {
    final Message message;
    final long revision;
    volatile boolean durable;

    Kept(Message message, boolean durable, long revision) {
      this.message = message;
      this.durable = durable;
      this.revision = revision;
    }

    /** Whether a message changes nothing: then nothing is written, which spares the disk. */
    boolean sameAs(Message other) {
      return durable
          && message.properties().expirySeconds() == null
          && message.qos() == other.qos()
          && message.payload().equals(other.payload())
          && message.properties().equals(other.properties());
    }

    boolean expired(PassedTime passed) {
      Long seconds = message.properties().expirySeconds();
      return seconds != null && passed.sinceMillis(message.timeMillis()) >= seconds * 1000;
    }
  }
}
