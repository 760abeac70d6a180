package dev.gatehouse.broker;

import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the store keeps for a persistent session until its client has it, guarded by the outbox: how
 * it is read, how much it is, how far it was sent and what may be trimmed from it.
 */
final class StoredQueue {
  final String name;
  final Marks marks; // where packet ids of QoS 2 are stored
  final Trims trims; // told when there is something to trim
  final QueueRoom room;
  final Pages pages;
  private long lastTaken; // number of the last entry that left the backlog
  private long trimmed;
  private boolean trimming;

  StoredQueue(String name, Marks marks, Trims trims, QueueRoom room, Pages pages) {
    this.name = name;
    this.marks = marks;
    this.trims = trims;
    this.room = room;
    this.pages = pages;
  }

  /** Makes entries that were read ready, as {@link Pages.Page#take}. */
  void take(Pages.Page page, Predicate<Outgoing> wanted) {
    int left = page.take(wanted);
    for (int i = 0; i < left; i++) {
      room.give(0);
    }
  }

  /** A message left the backlog, stored or not. */
  void taken(Outgoing outgoing) {
    lastTaken = Math.max(lastTaken, outgoing.number);
  }

  /** Number of the last entry that was perhaps sent. */
  long sentUpTo() {
    return lastTaken;
  }

  /** The connection went. */
  void detach() {
    pages.spill(lastTaken);
  }

  /** There is something to trim. */
  void markTrim(Outbox outbox) {
    if (!trimming) {
      trimming = true;
      trims.mark(outbox);
    }
  }

  /**
   * Takes what is done with; null if nothing is new.
   *
   * @param lowest number of the first entry that has to stay; {@code Long.MAX_VALUE} if none has
   */
  @Nullable Trim takeTrim(Outbox outbox, long lowest, ExactlyOnce exactlyOnce) {
    trimming = false;
    long upTo = lowest == Long.MAX_VALUE ? pages.leftUpTo(lastTaken) : lowest - 1;
    Map<Long, Integer> finished = exactlyOnce.takeFinished(upTo);
    if (upTo <= trimmed && finished.isEmpty()) {
      return null;
    }
    trimmed = Math.max(trimmed, upTo);
    return new Trim(outbox, this, upTo, finished);
  }

  /** A trim is over. */
  void trimmed(boolean durable) {
    room.trimmed();
    if (!durable) {
      trimmed = 0;
    }
  }
}
