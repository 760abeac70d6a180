package dev.gatehouse.broker;

import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.session.SessionSink;
import dev.gatehouse.api.session.SubscriptionRequest;
import dev.gatehouse.broker.MessageCodec.Queued;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One session: what it subscribed to, what is under way to it, what waits. A session that ends with
 * its connection keeps waiting messages in memory; one that outlives it keeps them in the store,
 * and only the window of those under way is in memory. The lock is held for moments only, never
 * across I/O.
 */
final class SessionState {
  private static final int PAGE = 100;
  private static final int PAGE_BYTES = 256 << 10;

  private final SessionKey key;
  private final String owner;
  private final BrokerSettings settings;
  private final BrokerCounters counters;
  private final SessionQueue queue;
  private final Map<TopicFilter, SubscriptionRequest> subscriptions =
      new LinkedHashMap<>(); // guarded by this
  private final Map<Integer, Queued> inFlight = new LinkedHashMap<>(); // guarded by this
  private final ArrayDeque<Queued> waiting = new ArrayDeque<>(); // guarded by this
  private @Nullable Connection connection; // guarded by this
  private long expirySeconds; // guarded by this
  private boolean busy; // guarded by this
  private boolean reading; // guarded by this
  private long readFrom = Long.MIN_VALUE; // guarded by this
  private int lastPacketId; // guarded by this
  private long waitingBytes; // guarded by this

  SessionState(
      SessionKey key,
      String owner,
      long expirySeconds,
      BrokerSettings settings,
      BrokerCounters counters,
      SessionQueue queue) {
    this.key = key;
    this.owner = owner;
    this.expirySeconds = expirySeconds;
    this.settings = settings;
    this.counters = counters;
    this.queue = queue;
  }

  SessionKey key() {
    return key;
  }

  /** Who the session belongs to: nobody else may take it over. */
  String owner() {
    return owner;
  }

  SessionQueue queue() {
    return queue;
  }

  synchronized long expirySeconds() {
    return expirySeconds;
  }

  synchronized boolean persistent() {
    return expirySeconds > 0;
  }

  synchronized @Nullable Connection connection() {
    return connection;
  }

  synchronized Map<TopicFilter, SubscriptionRequest> subscriptions() {
    return Map.copyOf(subscriptions);
  }

  /** The subscription that this one takes the place of, or null. */
  synchronized @Nullable SubscriptionRequest subscribe(SubscriptionRequest request) {
    return subscriptions.put(request.filter(), request);
  }

  synchronized @Nullable SubscriptionRequest unsubscribe(TopicFilter filter) {
    return subscriptions.remove(filter);
  }

  synchronized void attach(Connection next, long expiry) {
    connection = next;
    expirySeconds = expiry;
    busy = false;
  }

  /** True if it was this connection's. */
  synchronized boolean detach(Connection former, long expiry) {
    if (connection != former) {
      return false;
    }
    connection = null;
    if (expiry >= 0) {
      expirySeconds = expiry;
    }
    return true;
  }

  /** The connection is ready: what was under way goes again, then what waits. */
  synchronized void start(Connection live) {
    if (connection != live) {
      return;
    }
    live.started = true;
    inFlight.forEach((packetId, queued) -> send(live, packetId, queued, true));
    pump();
  }

  synchronized void resume(Connection live) {
    if (connection == live) {
      busy = false;
      pump();
    }
  }

  synchronized void acknowledge(Connection live, int packetId) {
    if (connection != live) {
      return;
    }
    Queued done = inFlight.remove(packetId);
    if (done == null) {
      return;
    }
    if (persistent()) {
      long oldest = inFlight.values().stream().mapToLong(Queued::number).min().orElse(readFrom);
      queue.trim(oldest - 1);
    }
    pump();
  }

  /** Takes a message that needs no place in the store. */
  synchronized void deliver(Message message, QoS qos, boolean retain, List<Integer> ids) {
    Connection live = connection;
    if (qos == QoS.AT_MOST_ONCE) {
      if (live == null || !live.started || busy) {
        counters.messageDropped();
      } else {
        sent(live.sink.deliver(message, qos, 0, retain, false, ids));
      }
      return;
    }
    if (waiting.size() >= settings.maxQueuedMessages()
        || waitingBytes >= settings.maxQueuedBytes()) {
      counters.messageDropped();
      return;
    }
    waiting.addLast(new Queued(-1, message, qos, retain, ids));
    waitingBytes += message.payload().length();
    pump();
  }

  /** Sends what waits, as far as the window reaches; the store is asked without waiting. */
  synchronized void pump() {
    Connection live = connection;
    if (live == null || !live.started) {
      return;
    }
    while (!busy && inFlight.size() < live.receiveMaximum && !waiting.isEmpty()) {
      Queued next = waiting.removeFirst();
      waitingBytes -= next.message().payload().length();
      sendNew(live, next);
    }
    int room = live.receiveMaximum - inFlight.size();
    if (persistent() && !busy && room > 0 && !reading && queue.hasFrom(readFrom)) {
      reading = true;
      queue
          .read(readFrom, Math.min(room, PAGE), PAGE_BYTES)
          .whenComplete((page, failure) -> arrived(page, failure));
    }
  }

  private synchronized void arrived(@Nullable List<Queued> page, @Nullable Throwable failure) {
    reading = false;
    if (failure != null || page == null) {
      queue.unreadable(failure);
      return;
    }
    Connection live = connection;
    for (Queued queued : page) {
      if (live == null || !live.started || inFlight.size() >= live.receiveMaximum) {
        return; // read again later, from here
      }
      readFrom = queued.number() + 1;
      sendNew(live, queued);
    }
    if (!page.isEmpty()) {
      pump();
    }
  }

  private void sendNew(Connection live, Queued queued) {
    int packetId = nextPacketId();
    inFlight.put(packetId, queued);
    send(live, packetId, queued, false);
  }

  private void send(Connection live, int packetId, Queued queued, boolean duplicate) {
    SessionSink.Delivery delivery =
        live.sink.deliver(
            queued.message(),
            queued.qos(),
            packetId,
            queued.retain(),
            duplicate,
            queued.subscriptionIds());
    if (delivery == SessionSink.Delivery.REFUSED) {
      inFlight.remove(packetId);
      counters.messageDropped();
      if (persistent() && inFlight.isEmpty()) {
        queue.trim(readFrom - 1);
      }
    } else {
      sent(delivery);
    }
  }

  private void sent(SessionSink.Delivery delivery) {
    if (delivery == SessionSink.Delivery.REFUSED) {
      counters.messageDropped();
    } else {
      counters.messageDelivered();
      busy = busy || delivery == SessionSink.Delivery.BUSY;
    }
  }

  private int nextPacketId() {
    do {
      lastPacketId = lastPacketId == 65_535 ? 1 : lastPacketId + 1;
    } while (inFlight.containsKey(lastPacketId));
    return lastPacketId;
  }
}
