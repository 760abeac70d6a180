package dev.gatehouse.broker;

import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.session.SessionSink;
import dev.gatehouse.api.session.SessionSink.Delivery;
import dev.gatehouse.api.store.Queue;
import dev.gatehouse.broker.BrokerSettings.Limit;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes out to one session: the window of the client, what is in flight and what waits. Its
 * monitor is the session's own lock, held for the sink's deliveries too, which never block.
 */
final class Outbox {
  private static final Logger log = LoggerFactory.getLogger(Outbox.class);

  private final String queueName;
  private final Limit limit;
  private final Counters counters;
  private final Clock clock;
  private final Consumer<Outbox> trims;
  private final Backlog backlog;

  // all below guarded by this
  // valid for the session
  private final InFlight inFlight = new InFlight();
  private long held; // stored entries that are neither acknowledged nor given up
  private long heldBytes;
  private long lastTaken; // number of the last stored entry that left the backlog
  private long trimmed;
  private boolean trimming;
  private boolean closed;
  // valid for the connection
  private @Nullable SessionSink sink;
  private final Deque<Outgoing> again = new ArrayDeque<>(0);
  private int receiveMaximum;
  private int unacknowledged;
  private boolean started;
  private boolean busy;
  private boolean sending;

  /**
   * For a clean session without, for a persistent one with a queue.
   *
   * @param trims told when there is something to trim from the queue
   * @param sentUpTo number of the last entry that was perhaps sent before a restart
   */
  Outbox(
      String queueName,
      @Nullable Queue queue,
      BrokerSettings settings,
      Counters counters,
      Clock clock,
      Consumer<Outbox> trims,
      long sentUpTo) {
    this.queueName = queueName;
    this.limit = settings.queue();
    this.counters = counters;
    this.clock = clock;
    this.trims = trims;
    this.backlog = new Backlog(queue, settings.buffer(), counters, sentUpTo);
    if (queue != null) {
      held = queue.size();
      heldBytes = queue.bytes();
    }
  }

  String queueName() {
    return queueName;
  }

  /** A client is there; nothing is sent before {@link #start}. */
  synchronized void attach(SessionSink newSink, int newReceiveMaximum) {
    sink = newSink;
    receiveMaximum = newReceiveMaximum;
    unacknowledged = 0;
    started = false;
    busy = false;
    again.clear();
    for (Outgoing outgoing : inFlight.inOrder()) {
      outgoing.sent = false;
      again.add(outgoing);
    }
  }

  synchronized void start() {
    started = true;
    send();
  }

  /** The client went. */
  synchronized void detach() {
    sink = null;
    again.clear();
    backlog.spill(lastTaken);
  }

  /** The session ended: nothing is taken any more. */
  synchronized void close() {
    detach();
    closed = true;
  }

  /** Whether a client is there. */
  synchronized boolean attached() {
    return sink != null && started;
  }

  /** Whether a message would go out at once. */
  synchronized boolean ready() {
    return attached() && !busy && unacknowledged < receiveMaximum && backlog.peek() == null;
  }

  /** The client can take more. */
  synchronized void resume() {
    busy = false;
    send();
  }

  /** Number of the last stored entry that was perhaps sent. */
  synchronized long sentUpTo() {
    return lastTaken;
  }

  /** Sends a QoS 0 message now or never. */
  synchronized boolean offerOnce(Message message, SessionSubscription to) {
    SessionSink target = sink;
    if (target == null || !started) {
      counters.drop(Counters.Drop.OFFLINE);
      return false;
    }
    if (busy) {
      counters.drop(Counters.Drop.BUSY);
      return false;
    }
    Delivery delivery;
    try {
      boolean retain = message.retain() && to.retainAsPublished;
      delivery = target.deliver(message, QoS.AT_MOST_ONCE, 0, retain, false, to.ids);
    } catch (RuntimeException e) {
      delivery = failed(e);
    }
    if (delivery == Delivery.SENT) {
      return true;
    }
    if (delivery == Delivery.BUSY) {
      busy = true;
      return true;
    }
    counters.drop(Counters.Drop.REFUSED);
    return false;
  }

  /** Takes a QoS 1 message of a clean session: sends it, or keeps it in memory if there is room. */
  synchronized void offer(Message message, SessionSubscription to) {
    if (closed || sink == null) {
      counters.drop(Counters.Drop.OFFLINE);
      return;
    }
    boolean retain = message.retain() && to.retainAsPublished;
    if (!backlog.offer(new Outgoing(0, message, to.qosOf(message), retain, to.ids))) {
      counters.drop(Counters.Drop.QUEUE_FULL);
      return;
    }
    send();
  }

  /** Takes a retained message for a new subscription; it is in memory anyway. */
  synchronized void offerRetained(Message message, SessionSubscription to) {
    if (!closed && sink != null) {
      backlog.addReady(new Outgoing(0, message, to.qosOf(message), true, to.ids));
      send();
    }
  }

  /**
   * Takes a message that is about to be appended to the store; {@link #flush} sends it.
   *
   * @return what to append, null if the session ended or its queue is full
   */
  synchronized @Nullable Outgoing append(long number, Message message, SessionSubscription to) {
    long cost = Outgoing.cost(message);
    if (closed) {
      return null;
    }
    if (held >= limit.messages() || heldBytes + cost > limit.bytes()) {
      counters.drop(Counters.Drop.QUEUE_FULL);
      return null;
    }
    held++;
    heldBytes += cost;
    boolean retain = message.retain() && to.retainAsPublished;
    Outgoing outgoing = new Outgoing(number, message, to.qosOf(message), retain, to.ids);
    backlog.append(outgoing, sink != null);
    return outgoing;
  }

  /** An append is over. */
  synchronized void committed(long number, Message message, boolean durable) {
    if (backlog.committed(number, durable)) {
      release(Outgoing.cost(message));
    }
    send();
  }

  /** Sends what may be sent now. */
  synchronized void flush() {
    send();
  }

  /** The client has it; unknown ids are ignored. */
  synchronized void acknowledge(int packetId) {
    Outgoing outgoing = inFlight.remove(packetId);
    if (outgoing == null) {
      return;
    }
    if (outgoing.sent) {
      unacknowledged--;
    } else {
      again.remove(outgoing);
    }
    done(outgoing);
    send();
  }

  /** The number up to which the stored queue is done with; -1 if nothing is new. */
  synchronized long takeTrim() {
    trimming = false;
    long lowest = inFlight.lowestNumber();
    long upTo = lowest == Long.MAX_VALUE ? lastTaken : lowest - 1;
    if (closed || upTo <= trimmed) {
      return -1;
    }
    trimmed = upTo;
    return upTo;
  }

  /** A trim could not be stored: it is due again. */
  synchronized void untrimmed() {
    trimmed = 0;
    markTrim();
  }

  /** Messages that are not acknowledged and stored. */
  synchronized long held() {
    return held;
  }

  private void send() {
    if (sending) {
      return; // a page of the store came at once, and the loop below goes on with it
    }
    sending = true;
    try {
      while (sink != null && started && !busy) {
        Outgoing next = next();
        if (next == null) {
          return;
        }
        send(sink, next);
      }
    } finally {
      sending = false;
    }
  }

  /** What goes next: what was in flight before the connection, then what waits. */
  private @Nullable Outgoing next() {
    boolean open = unacknowledged < receiveMaximum && unacknowledged < InFlight.MOST;
    if (!again.isEmpty()) {
      return open ? again.poll() : null;
    }
    while (true) {
      if (backlog.peek() == null) {
        backlog.refill(this::read);
      }
      Outgoing first = backlog.peek();
      if (first == null || (first.qos != QoS.AT_MOST_ONCE && !open)) {
        return null;
      }
      backlog.poll();
      lastTaken = Math.max(lastTaken, first.number);
      if (!expired(first.message)) {
        return first;
      }
      counters.drop(Counters.Drop.EXPIRED);
      done(first);
    }
  }

  private synchronized void read(Backlog.Page page) {
    int unreadable = page.take();
    for (int i = 0; i < unreadable; i++) {
      release(0);
    }
    if (!page.last()) {
      send();
    }
  }

  private void send(SessionSink target, Outgoing next) {
    if (next.qos != QoS.AT_MOST_ONCE) {
      if (next.packetId == 0) {
        inFlight.add(next);
      }
      next.sent = true;
      unacknowledged++;
    }
    boolean duplicate = next.duplicate;
    next.duplicate = true;
    Delivery delivery;
    try {
      delivery =
          target.deliver(next.message, next.qos, next.packetId, next.retain, duplicate, next.ids);
    } catch (RuntimeException e) {
      delivery = failed(e);
    }
    if (delivery == Delivery.REFUSED) {
      counters.drop(Counters.Drop.REFUSED);
      if (next.qos != QoS.AT_MOST_ONCE) {
        inFlight.remove(next.packetId);
        unacknowledged--;
      }
      done(next);
      return;
    }
    counters.delivered.increment();
    busy = delivery == Delivery.BUSY;
  }

  private void done(Outgoing outgoing) {
    if (outgoing.number > 0) {
      release(Outgoing.cost(outgoing.message));
      markTrim();
    }
  }

  private void release(long cost) {
    held--;
    // entries of before a restart were counted with their headers: an empty queue sets it right
    heldBytes = held == 0 ? 0 : Math.max(0, heldBytes - cost);
  }

  private void markTrim() {
    if (!trimming && !closed) {
      trimming = true;
      trims.accept(this);
    }
  }

  private boolean expired(Message message) {
    Long seconds = message.properties().expirySeconds();
    return seconds != null && clock.millis() >= message.timeMillis() + seconds * 1000;
  }

  private static Delivery failed(RuntimeException failure) {
    log.error("event=delivery_failed", failure);
    return Delivery.REFUSED;
  }
}
