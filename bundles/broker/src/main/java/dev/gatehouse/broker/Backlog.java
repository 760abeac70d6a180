package dev.gatehouse.broker;

import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.broker.BrokerSettings.Limit;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What waits in memory to be sent to one session: bounded, and guarded by its outbox. What waits in
 * the store comes here by {@link Pages}.
 */
final class Backlog {
  static final int ALWAYS = 16 << 10; // bytes in memory however much the others have
  private static final long OBJECTS = 200; // about what a message takes beside its bytes
  // never added to: most sessions are up to date
  private static final Deque<Outgoing> NONE = new ArrayDeque<>(0);

  private final OutboxServices services;
  private Deque<Outgoing> ready = NONE;
  private long bytes; // changed by use only

  Backlog(OutboxServices services) {
    this.services = services;
  }

  @Nullable Outgoing peek() {
    return ready.peek();
  }

  @Nullable Outgoing poll() {
    Outgoing first = ready.poll();
    if (first != null) {
      use(-cost(first.message));
    }
    return first;
  }

  int size() {
    return ready.size();
  }

  /** About what it takes in memory. */
  long bytes() {
    return bytes;
  }

  /** Takes an entry; false if there is no room. */
  boolean offer(Outgoing outgoing) {
    if (!roomFor(outgoing.message)) {
      return false;
    }
    add(outgoing);
    return true;
  }

  /** Takes an entry whose message is in memory anyway. */
  void add(Outgoing outgoing) {
    if (ready == NONE) {
      ready = new ArrayDeque<>(4);
    }
    ready.add(outgoing);
    use(cost(outgoing.message));
  }

  /** Takes an entry out of the middle; false if it is not here. */
  boolean remove(Outgoing outgoing) {
    boolean here = ready.remove(outgoing);
    if (here) {
      use(-cost(outgoing.message));
    }
    return here;
  }

  /** The connection went: what the store has, and QoS 0, leaves. */
  void detach() {
    if (!ready.isEmpty()) {
      ready.removeIf(outgoing -> outgoing.number > 0 || outgoing.qos == QoS.AT_MOST_ONCE);
    }
    use(ready.stream().mapToLong(outgoing -> cost(outgoing.message)).sum() - bytes);
  }

  /** The session ended. */
  void end() {
    ready = NONE;
    use(-bytes);
  }

  private void use(long more) {
    bytes += more;
    services.counters().buffered.add(more);
  }

  private static long cost(Message message) {
    return OBJECTS + Outgoing.cost(message);
  }

  private boolean roomFor(Message message) {
    BrokerSettings settings = services.settings().get();
    Limit own = settings.buffer();
    long cost = cost(message);
    if (bytes + cost > ALWAYS && !ready.isEmpty() && buffered() + cost > settings.memoryBytes()) {
      return false;
    }
    boolean within =
        ready.size() < own.messages() && (ready.isEmpty() || bytes + cost <= own.bytes());
    // beyond its own a burst may use what nobody else needs at the moment
    return within || buffered() + cost <= settings.sharedBufferBytes();
  }

  private long buffered() {
    return services.counters().buffered.sum();
  }
}
