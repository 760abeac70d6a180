package dev.gatehouse.broker;

import org.jspecify.annotations.Nullable;

/**
 * How many retained messages a connected session takes for new subscriptions: few at a time, so
 * that one with many does not fill the memory, nor the queue that is for what is published. Guarded
 * by its outbox.
 */
final class RetainedRoom {
  private static final int AT_ONCE = 128;

  private final Backlog backlog;
  private final @Nullable QueueRoom queue; // of a persistent session
  private @Nullable Runnable onRoom;

  RetainedRoom(Backlog backlog, @Nullable QueueRoom queue) {
    this.backlog = backlog;
    this.queue = queue;
  }

  /** How many it takes now; if none, {@code whenSome} is called once it takes some. */
  int room(Runnable whenSome) {
    int room = room();
    onRoom = room == 0 ? whenSome : null;
    return room;
  }

  /** Perhaps there is room again. */
  void look() {
    Runnable waiting = onRoom;
    if (waiting != null && room() > 0) {
      onRoom = null;
      waiting.run();
    }
  }

  /** The connection went; the next one begins by asking. */
  void detach() {
    onRoom = null;
  }

  private int room() {
    int free = AT_ONCE - backlog.size();
    if (free < AT_ONCE / 2) {
      return 0;
    }
    return queue == null ? free : Math.min(free, queue.untilHalf());
  }
}
