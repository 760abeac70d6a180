package dev.gatehouse.broker;

import dev.gatehouse.api.store.Queue;
import dev.gatehouse.broker.BrokerSettings.Limit;
import java.util.function.Supplier;

/** How much of its bound a stored queue takes. Its owner's lock guards it. */
final class QueueRoom {
  private static final int LOOK_EVERY = 4096; // messages: looking takes a lock of the store's

  private final Supplier<BrokerSettings> settings;
  private final Queue queue;
  private long held; // entries that are neither acknowledged nor given up
  private long heldBytes;
  private boolean clogged;
  private int doneSinceLook;

  /**
   * Of one queue.
   *
   * @param empty whether what the queue has is to be deleted before anything is added
   */
  QueueRoom(Supplier<BrokerSettings> settings, Queue queue, boolean empty) {
    this.settings = settings;
    this.queue = queue;
    this.held = empty ? 0 : queue.size();
    this.heldBytes = empty ? 0 : queue.bytes();
  }

  /** Whether there is room for one more entry, or never is. */
  boolean fits(long cost) {
    return roomFor(cost) || cost > settings.get().queue().bytes();
  }

  private boolean roomFor(long cost) {
    Limit limit = settings.get().queue();
    return held < limit.messages() && heldBytes + cost <= limit.bytes() && !clogged;
  }

  /** Takes room for one more entry; false if there is none. */
  boolean take(long cost) {
    if (!roomFor(cost)) {
      return false;
    }
    held++;
    heldBytes += cost;
    return true;
  }

  /** How many entries more it takes until it is half full; the rest is for what is published. */
  int untilHalf() {
    Limit limit = settings.get().queue();
    if (clogged || (held > 0 && heldBytes * 2 >= limit.bytes())) {
      return 0;
    }
    long free = limit.messages() / 2 - held;
    return (int) Math.max(held == 0 ? 1 : 0, free);
  }

  /** An entry need not be kept any more. */
  void give(long cost) {
    held--;
    // entries of before a restart were counted with their headers: an empty queue sets it right
    heldBytes = held == 0 ? 0 : Math.max(0, heldBytes - cost);
  }

  /** A message is done with, stored or not. */
  void done() {
    if (++doneSinceLook >= LOOK_EVERY) {
      look();
    }
  }

  /** The store has let entries go. */
  void trimmed() {
    if (clogged) {
      look();
    }
  }

  /** Whether a client that left one message unacknowledged for ever keeps all after it stored. */
  private void look() {
    doneSinceLook = 0;
    clogged = queue.size() >= settings.get().queue().messages() + (long) InFlight.MOST;
  }
}
