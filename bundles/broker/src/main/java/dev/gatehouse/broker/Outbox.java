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

  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

  private final OutboxServices services;
  private final @Nullable StoredQueue stored; // of a persistent session
  private final Backlog backlog;
  private final RetainedRoom retained;

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
    this.retained = new RetainedRoom(backlog, stored == null ? null : stored.room);
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
    retained.detach();
    inFlight.detach();
    if (stored != null) {
      stored.detach();
    }
    backlog.detach();
    return was;
  }

  /** What a session that ends holds of shared subscriptions; its connection has gone. */
  synchronized Handover.Held heldOfShares() {
    return Handover.held(inFlight, exactlyOnce, backlog, stored);
  }

  /** The session ended: nothing is taken any more. */
  synchronized void close() {
    detach();
    backlog.end();
    closed = true;
  }

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

  /** Sends a QoS 0 message, at once unless it would overtake another one of its topic. */
  synchronized boolean offerOnce(Message message, SessionSubscription to) {
    SessionSink target = sink;
    if (target == null || !started) {
      services.counters().drop(Counters.Drop.OFFLINE);
      return false;
    }
    if (busy || (stored != null && stored.pages.mayHold(message.topic()))) {
      services.counters().drop(Counters.Drop.BUSY);
      return false;
    }
    boolean retain = message.retain() && to.retainAsPublished;
    if (backlog.contains(message.topic()) || inFlight.hasDue(message.topic())) {
      return enqueue(new Outgoing(0, message, QoS.AT_MOST_ONCE, retain, to.ids));
    }
    Delivery delivery;
    try {
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
    enqueue(Outgoing.of(0, message, to));
  }

  /** Sends a message after what waits in memory; false if there is no room for it. */
  private boolean enqueue(Outgoing outgoing) {
    boolean room = backlog.offer(outgoing);
    if (room) {
      send();
    } else {
      services.counters().drop(Counters.Drop.QUEUE_FULL);
    }
    return room;
  }

  /**
   * How many retained messages it takes for a new subscription: none while no client is there.
   *
   * @param onRoom called once, under this lock, when a connected client takes some again
   */
  synchronized int roomForRetained(Runnable onRoom) {
    return !closed && sink != null && started ? retained.room(onRoom) : 0;
  }

  /** Takes a retained message for a new subscription; it is in memory anyway. */
  synchronized void offerRetained(Message message, SessionSubscription to) {
    if (!closed && sink != null) {
      backlog.add(new Outgoing(0, message, to.qosOf(message), true, to.ids));
      send();
    }
  }

  /** Whether its queue has room for a message, or never has. */
  synchronized boolean hasRoom(Message message) {
    return closed || stored().room.fits(message.heapBytes());
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
    Outgoing outgoing = Outgoing.of(number, message, to);
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
        stored().markTrim(this); // rows go with their entries
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
    if (!durable && !closed) {
      stored().markTrim(this);
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
    retained.look();
  }

  /** Ids became durable, or did not. */
  private synchronized void settled(ExactlyOnce.Commit commit, boolean durable) {
    exactlyOnce.settle(commit, durable);
    if (!durable) {
      stored().trims.later(this);
      return;
    }
    if (sink != null) {
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
    while (true) {
      Outgoing head = inFlight.peekDue();
      if (head != null && head.ready()) {
        return unacknowledged < receiveMaximum ? inFlight.pollDue() : null;
      }
      // without a head nothing is due; one that waits for its packet id is not overtaken
      Outgoing first = take(head != null);
      if (first == null || (head == null && first.ready())) {
        return first;
      }
      lineUp(first);
    }
  }

  /**
   * Takes a message from the backlog, if the window has room for it.
   *
   * @param behind whether others are due before it
   */
  private @Nullable Outgoing take(boolean behind) {
    while (true) {
      if (stored != null) {
        stored.pages.refill(this::read);
      }
      Outgoing first = backlog.peek();
      if (first == null) {
        return null;
      }
      boolean open =
          first.qos == QoS.AT_MOST_ONCE
              ? !behind
              : unacknowledged + inFlight.countDue() < receiveMaximum && inFlight.room();
      if (!open) {
        return null;
      }
      if (first.needsMark() && !first.stored) {
        return null; // were it sent and not stored, it would be sent twice
      }
      backlog.poll();
      if (stored != null) {
        stored.taken(first);
      }
      if (first.packetId != 0 || !services.lifetime().over(first.message)) {
        return first;
      }
      services.counters().drop(Counters.Drop.EXPIRED);
      done(first);
    }
  }

  /** It is due after those that are due already. */
  private void lineUp(Outgoing outgoing) {
    enter(outgoing);
    inFlight.due(outgoing);
    if (!outgoing.ready()) {
      exactlyOnce().mark(outgoing);
    }
  }

  /** It is in flight, with its packet id. */
  private void enter(Outgoing outgoing) {
    inFlight().add(outgoing);
    exactlyOnce.resent(outgoing);
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
        enter(next);
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
      stored().markTrim(this);
    }
  }

  private void giveUp() {
    for (Outgoing outgoing : inFlight.givenUp(services.lifetime())) {
      services.counters().drop(Counters.Drop.EXPIRED);
      land(outgoing);
      done(outgoing);
    }
  }

  private static Delivery failed(RuntimeException failure) {
    LOG.error("event=delivery-failed", failure);
    return Delivery.REFUSED;
  }
}
