package dev.gatehouse.broker;

import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.session.SessionSink;
import dev.gatehouse.api.session.SessionSink.Delivery;
import dev.gatehouse.api.store.Batch;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes out to one session: the window of the client, what is in flight and what waits. Its
 * monitor is the session's own lock, held for the sink's deliveries too, which never block.
 */
final class Outbox {
  private static final int RELEASE_BYTES = 128; // of a packet id between PUBREC and PUBCOMP

  private static final Logger log = LoggerFactory.getLogger(Outbox.class);

  private final OutboxServices services;
  private final @Nullable StoredQueue stored; // of a persistent session
  private final Backlog backlog;

  // all below guarded by this: valid for the session
  private InFlight inFlight = InFlight.NONE;
  private ExactlyOnce exactlyOnce = ExactlyOnce.NONE;
  private boolean closed;
  // valid for the connection
  private @Nullable SessionSink sink;
  private int receiveMaximum;
  private int unacknowledged;
  private boolean started;
  private boolean busy;
  private boolean sending;

  /** For a clean session without, for a persistent one with a queue that fills the backlog. */
  Outbox(OutboxServices services, Backlog backlog, @Nullable StoredQueue stored) {
    this.services = services;
    this.backlog = backlog;
    this.stored = stored;
  }

  /** What only a persistent session is asked for. */
  private StoredQueue stored() {
    return Objects.requireNonNull(stored, "a clean session has nothing stored");
  }

  String queueName() {
    return stored().name;
  }

  /** Made when it is first needed: most sessions are sent QoS 0 only, or nothing. */
  private InFlight inFlight() {
    if (inFlight == InFlight.NONE) {
      inFlight = new InFlight();
    }
    return inFlight;
  }

  /** Most sessions never need one. */
  private ExactlyOnce exactlyOnce() {
    if (exactlyOnce == ExactlyOnce.NONE) {
      exactlyOnce = new ExactlyOnce(inFlight());
    }
    return exactlyOnce;
  }

  /** Takes a row of a QoS 2 message that was under way before a restart. */
  synchronized void restore(long number, Marks.Row mark) {
    if (mark.released()) {
      backlog.use(RELEASE_BYTES);
    }
    exactlyOnce().restore(number, mark.packetId(), mark.released());
  }

  /** A client is there; nothing is sent before {@link #start}. */
  synchronized void attach(SessionSink newSink, int newReceiveMaximum) {
    sink = newSink;
    receiveMaximum = newReceiveMaximum;
    unacknowledged = 0;
    started = false;
    busy = false;
    inFlight.attach();
  }

  /** What was released by now is said again; what is not yet will be when it is durable. */
  synchronized void start() {
    started = true;
    exactlyOnce.start().forEach(this::releaseAtClient);
    send();
  }

  /** The client went. Returns its sink, to which nothing is sent any more. */
  synchronized @Nullable SessionSink detach() {
    SessionSink was = sink;
    sink = null;
    inFlight.detach();
    backlog.detach();
    if (stored != null) {
      stored.detach();
    }
    return was;
  }

  /** The session ended: nothing is taken any more. */
  synchronized void close() {
    detach();
    backlog.end();
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
    return stored().sentUpTo();
  }

  /** Sends a QoS 0 message now or never. */
  synchronized boolean offerOnce(Message message, SessionSubscription to) {
    SessionSink target = sink;
    if (target == null || !started) {
      services.counters().drop(Counters.Drop.OFFLINE);
      return false;
    }
    if (busy) {
      services.counters().drop(Counters.Drop.BUSY);
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
    services.counters().drop(Counters.Drop.REFUSED);
    return false;
  }

  /**
   * Takes a QoS 1 or 2 message of a clean session: sends it, or keeps it in memory if there is
   * room.
   */
  synchronized void offer(Message message, SessionSubscription to) {
    if (closed || sink == null) {
      services.counters().drop(Counters.Drop.OFFLINE);
      return;
    }
    boolean retain = message.retain() && to.retainAsPublished;
    if (!backlog.offer(new Outgoing(0, message, to.qosOf(message), retain, to.ids))) {
      services.counters().drop(Counters.Drop.QUEUE_FULL);
      return;
    }
    send();
  }

  /** Takes a retained message for a new subscription; it is in memory anyway. */
  synchronized void offerRetained(Message message, SessionSubscription to) {
    if (!closed && sink != null) {
      backlog.add(new Outgoing(0, message, to.qosOf(message), true, to.ids));
      send();
    }
  }

  /**
   * Takes a message that is about to be appended to the store; {@link #flush} sends it.
   *
   * @return what to append, null if the session ended or its queue is full
   */
  synchronized @Nullable Outgoing append(long number, Message message, SessionSubscription to) {
    if (closed) {
      return null;
    }
    boolean retain = message.retain() && to.retainAsPublished;
    Outgoing outgoing = new Outgoing(number, message, to.qosOf(message), retain, to.ids);
    if (!stored().room.take(outgoing.bytes)) {
      services.counters().drop(Counters.Drop.QUEUE_FULL);
      return null;
    }
    stored().pages.append(outgoing, sink != null);
    return outgoing;
  }

  /** An append is over. */
  synchronized void committed(Outgoing outgoing, boolean durable) {
    if (stored().pages.committed(outgoing, durable)) {
      stored().room.give(outgoing.bytes);
    }
    send();
  }

  /** There may be memory again. */
  synchronized void retry() {
    if (!closed) {
      stored().pages.retry();
      send();
    }
  }

  /** Sends what may be sent now. */
  synchronized void flush() {
    send();
  }

  /** PUBACK: the client has it; ids that are unknown or of another QoS are ignored. */
  synchronized void acknowledge(int packetId) {
    Outgoing outgoing = inFlight.get(packetId);
    if (outgoing != null && outgoing.qos == QoS.AT_LEAST_ONCE) {
      land(outgoing);
      done(outgoing);
      send();
    }
  }

  /** PUBREC, with a reason below 0x80 or not; false if the id is unknown or of another QoS. */
  synchronized boolean received(int packetId, boolean accepted) {
    Outgoing outgoing = inFlight.get(packetId);
    if (outgoing == null || outgoing.qos != QoS.EXACTLY_ONCE) {
      return exactlyOnce.released(packetId, this::releaseAtClient);
    }
    if (accepted) {
      received(outgoing);
    } else {
      land(outgoing);
      done(outgoing);
    }
    send();
    return true;
  }

  /** PUBCOMP; unknown ids are ignored. */
  synchronized void complete(int packetId) {
    Boolean counted = exactlyOnce.complete(packetId);
    if (counted != null) {
      backlog.free(RELEASE_BYTES);
      unacknowledged -= counted ? 1 : 0;
      if (exactlyOnce.hasFinished()) {
        markTrim(); // rows go with their entries
      }
      send();
    }
  }

  /** Takes what is done with; null if nothing is new. */
  synchronized @Nullable Trim takeTrim() {
    if (closed) {
      return null;
    }
    long lowest = Math.min(inFlight.lowestNumber(), exactlyOnce.lowestNumber());
    return stored().takeTrim(this, lowest, exactlyOnce);
  }

  /** A trim is over; what could not be stored is due again. */
  synchronized void trimmed(Trim trim, boolean durable) {
    exactlyOnce.deleted(trim.finished(), durable);
    stored().trimmed(durable);
    if (!durable) {
      markTrim();
    }
  }

  /** Deletes the stored packet ids of a session that ended. */
  synchronized void deleteMarks(Batch batch) {
    exactlyOnce.deleteAll(batch, stored().marks);
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
          break;
        }
        send(sink, next);
      }
    } finally {
      sending = false;
    }
    if (!closed && stored != null) {
      exactlyOnce.commit(stored.marks, this::settled);
    }
  }

  /** Ids became durable, or did not. */
  private synchronized void settled(ExactlyOnce.Commit commit, boolean durable) {
    exactlyOnce.settle(commit, durable);
    if (!durable) {
      stored().trims.later(this);
      return;
    }
    if (sink != null) {
      commit.marks().forEach(inFlight::due);
      commit.releases().forEach(this::releaseAtClient);
    }
    send();
  }

  private void releaseAtClient(int packetId) {
    if (sink != null && started) {
      sink.release(packetId);
    }
  }

  /** What goes next: what is in flight and due, then what waits. */
  private @Nullable Outgoing next() {
    if (unacknowledged >= receiveMaximum) {
      giveUp();
    }
    if (inFlight.hasDue()) {
      return unacknowledged < receiveMaximum ? inFlight.pollDue() : null;
    }
    while (true) {
      boolean open = unacknowledged + exactlyOnce.marking() < receiveMaximum && inFlight.room();
      if (stored != null) {
        stored.pages.refill(this::read);
      }
      Outgoing first = backlog.peek();
      if (first == null || (first.qos != QoS.AT_MOST_ONCE && !open)) {
        return null;
      }
      if (first.needsMark() && !first.stored) {
        return null; // were it sent and not stored, it would be sent twice
      }
      backlog.poll();
      if (stored != null) {
        stored.taken(first);
      }
      if (first.packetId == 0 && services.lifetime().over(first.message)) {
        services.counters().drop(Counters.Drop.EXPIRED);
        done(first);
      } else if (first.needsMark() && !first.marked) {
        exactlyOnce().mark(first);
      } else {
        return first;
      }
    }
  }

  private synchronized void read(Pages.Page page) {
    stored().take(page, exactlyOnce::restore); // which knows those that need not be sent
    if (stored().pages.starved()) {
      services.waiters().add(this);
    }
    if (!page.last()) {
      send();
    }
  }

  private void send(SessionSink target, Outgoing next) {
    if (next.qos != QoS.AT_MOST_ONCE) {
      if (inFlight.get(next.packetId) != next) {
        inFlight().add(next);
        exactlyOnce.resent(next);
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
      services.counters().drop(Counters.Drop.REFUSED);
      if (next.qos == QoS.EXACTLY_ONCE && duplicate) {
        received(next); // perhaps the client holds its id, and must let it go
        return;
      }
      if (next.qos != QoS.AT_MOST_ONCE) {
        land(next);
      }
      done(next);
      return;
    }
    if (next.qos == QoS.AT_MOST_ONCE) {
      backlog.free(next.bytes);
    }
    services.counters().delivered.increment();
    busy = delivery == Delivery.BUSY;
  }

  /** It is not in flight any more. */
  private void land(Outgoing outgoing) {
    inFlight.remove(outgoing.packetId);
    if (outgoing.sent) {
      unacknowledged--;
    }
  }

  /** The client has a QoS 2 message, and its id is to be released. */
  private void received(Outgoing outgoing) {
    inFlight.remove(outgoing.packetId);
    backlog.free(outgoing.bytes);
    backlog.use(RELEASE_BYTES);
    if (exactlyOnce().release(outgoing)) {
      releaseAtClient(outgoing.packetId);
    } else {
      stored().room.give(outgoing.bytes);
    }
  }

  private void done(Outgoing outgoing) {
    backlog.free(outgoing.bytes);
    if (stored != null) {
      stored.room.done();
    }
    if (outgoing.qos == QoS.EXACTLY_ONCE && outgoing.packetId != 0) {
      exactlyOnce().finish(outgoing.number, outgoing.packetId);
    }
    if (outgoing.number > 0) {
      stored().room.give(outgoing.bytes);
      markTrim();
    }
  }

  private void markTrim() {
    if (!closed) {
      stored().markTrim(this);
    }
  }

  private void giveUp() {
    if (!services.lifetime().bounded()) {
      return;
    }
    for (Outgoing outgoing : inFlight.inOrder()) {
      if (outgoing.qos == QoS.AT_LEAST_ONCE && services.lifetime().givenUp(outgoing.message)) {
        services.counters().drop(Counters.Drop.EXPIRED);
        land(outgoing);
        done(outgoing);
      }
    }
  }

  private static Delivery failed(RuntimeException failure) {
    log.error("event=delivery_failed", failure);
    return Delivery.REFUSED;
  }
}
