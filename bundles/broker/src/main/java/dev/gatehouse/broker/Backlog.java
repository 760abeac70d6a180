package dev.gatehouse.broker;

import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.broker.BrokerSettings.Limit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one session in memory: those that wait to be sent, and those that were sent and
 * are not acknowledged, whose bytes count until {@link #free}. Bounded, and guarded by its outbox.
 * Messages that wait in the store come here by {@link Pages}.
 */
final class Backlog {
  private static final int SMALL_PAGE_BYTES = 16 << 10;

  // never added to: most sessions are up to date
  private static final Deque<Outgoing> NONE = new ArrayDeque<>(0);

  private final OutboxServices services;
  private Deque<Outgoing> ready = NONE;
  private long readyBytes;
  private boolean ended;
  private @Nullable Lease lease; // once there is something

  Backlog(OutboxServices services) {
    this.services = services;
  }

  private Lease lease() {
    if (lease == null) {
      lease = new Lease(services.memory());
    }
    return lease;
  }

  @Nullable Outgoing peek() {
    return ready.peek();
  }

  /** Takes the first one out; its bytes count until it is free. */
  @Nullable Outgoing poll() {
    Outgoing first = ready.poll();
    readyBytes -= first == null ? 0 : first.bytes;
    return first;
  }

  int size() {
    return ready.size();
  }

  /** About the bytes of those that wait to be sent. */
  long readyBytes() {
    return readyBytes;
  }

  /** About the bytes in memory, sent or not. */
  long bytes() {
    return lease == null ? 0 : lease.used();
  }

  boolean contains(TopicName topic) {
    if (ready.isEmpty()) {
      return false;
    }
    for (Outgoing outgoing : ready) {
      if (outgoing.hasTopic(topic)) {
        return true;
      }
    }
    return false;
  }

  /** Adds what came by shared subscriptions. */
  void addOfShares(List<Outgoing> messages) {
    for (Outgoing outgoing : ready) {
      if (outgoing.share != null) {
        messages.add(outgoing);
      }
    }
  }

  /** Adds the topics of what the store has, too. */
  void addStoredTopics(WaitingTopics topics) {
    for (Outgoing outgoing : ready) {
      if (outgoing.number > 0) {
        topics.add(outgoing.message.topic());
      }
    }
  }

  /** Takes an entry; false if there is no room. */
  boolean offer(Outgoing outgoing) {
    return mayGrow(outgoing.bytes) && offerRead(outgoing);
  }

  /** Takes an entry that was read from the store; false if there is no memory for it. */
  boolean offerRead(Outgoing outgoing) {
    if (ended || !lease().tryUse(outgoing.bytes)) {
      return false;
    }
    append(outgoing);
    return true;
  }

  /** Takes an entry whose message is in memory anyway. */
  void add(Outgoing outgoing) {
    use(outgoing.bytes);
    append(outgoing);
  }

  private void append(Outgoing outgoing) {
    if (ready == NONE) {
      ready = new ArrayDeque<>(4);
    }
    ready.add(outgoing);
    readyBytes += outgoing.bytes;
  }

  /** Bytes are used beside the messages. */
  void use(int bytes) {
    if (!ended) {
      lease().use(bytes);
    }
  }

  /** A message that was taken out, or other bytes, are not needed any more. */
  void free(int bytes) {
    if (!ended) {
      lease().free(bytes);
    }
  }

  /** Takes an entry out of the middle; false if it is not here. */
  boolean remove(Outgoing outgoing) {
    boolean here = ready.remove(outgoing);
    if (here) {
      readyBytes -= outgoing.bytes;
      free(outgoing.bytes);
    }
    return here;
  }

  /**
   * Reserves memory for a page of the store.
   *
   * @return bytes, 0 if what is in memory must be acknowledged first
   */
  int reserve() {
    if (tryReserve(Pages.PAGE_BYTES)) {
      return Pages.PAGE_BYTES;
    } else if (tryReserve(SMALL_PAGE_BYTES)) {
      return SMALL_PAGE_BYTES;
    }
    int bytes = bytes() == 0 ? Lease.FREE : 0;
    use(bytes);
    return bytes;
  }

  /** A page more than the one that is being sent a session may always have. */
  private boolean tryReserve(int page) {
    long own = Math.max(services.settings().get().buffer().bytes(), 2L * Pages.PAGE_BYTES);
    return (bytes() + page <= own || sharedFits(page)) && fits(page) && lease().tryUse(page);
  }

  /** The connection went: what the store has, and QoS 0, leaves. */
  void detach() {
    if (ready.isEmpty()) {
      return;
    }
    Deque<Outgoing> left = new ArrayDeque<>();
    for (Outgoing outgoing : ready) {
      if (outgoing.number > 0 || outgoing.qos == QoS.AT_MOST_ONCE) {
        readyBytes -= outgoing.bytes;
        free(outgoing.bytes);
      } else {
        left.add(outgoing);
      }
    }
    ready = left.isEmpty() ? NONE : left;
  }

  /** The session ended. */
  void end() {
    ready = NONE;
    readyBytes = 0;
    if (lease != null) {
      lease.free(lease.used());
    }
    ended = true;
  }

  /** Whether this session may have so much more, as far as its own bounds go. */
  private boolean mayGrow(int more) {
    Limit own = services.settings().get().buffer();
    boolean within =
        ready.size() < own.messages() && (bytes() == 0 || bytes() + more <= own.bytes());
    if (within) {
      return bytes() + more <= Lease.FREE || fits(more);
    }
    return sharedFits(more);
  }

  /** Beyond its own a burst may use what nobody else needs at the moment. */
  private boolean sharedFits(int more) {
    return services.memory().usedBytes() + more <= services.sharedBytes();
  }

  private boolean fits(int more) {
    return services.memory().usedBytes() + more <= services.memoryBytes();
  }
}
