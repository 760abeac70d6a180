package dev.gatehouse.mqtt;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells connections that were silent for longer than they said [MQTT-3.1.2-22]. Each loop has a
 * wheel of its own, which turns as long as somebody is in it and is used on that loop only: a timer
 * for each of ten thousand idle connections would take more memory than their sessions. What turns
 * the wheels is not the loops' own clock: a loop with anything due sets a timer of the kernel each
 * time that it waits, which is twice a message.
 */
final class KeepAlives {
  /** Slot of a connection that is not looked after. */
  static final byte NOWHERE = -1;

  private static final int SLOTS = 128; // about a minute: who may be silent for longer comes again
  private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final Map<EventExecutor, Wheel> wheels = new ConcurrentHashMap<>();
  private final EventExecutor timer;

  /**
   * @param timer none of the loops
   */
  KeepAlives(EventExecutor timer) {
    this.timer = timer;
  }

  /** Looks after a connection of this loop until {@link #remove}. */
  void add(EventExecutor loop, PacketStream connection) {
    wheels.computeIfAbsent(loop, Wheel::new).add(connection);
  }

  /** Looks after it no more; of no effect if it did not. */
  void remove(EventExecutor loop, PacketStream connection) {
    Wheel wheel = wheels.get(loop);
    if (wheel != null && connection.slot != NOWHERE) {
      wheel.remove(connection);
    }
  }

  /** The connections of one loop, each in the slot of the turn in which to look at it again. */
  private final class Wheel {
    private final @Nullable PacketStream[] slots = new PacketStream[SLOTS]; // first of each
    private final EventExecutor loop;
    private final ScheduledFuture<?> turns;
    private int now;
    private int count;

    Wheel(EventExecutor loop) {
      this.loop = loop;
      turns =
          timer.scheduleAtFixedRate(
              () -> loop.execute(this::turn), TURN_NANOS, TURN_NANOS, TimeUnit.NANOSECONDS);
    }

    void add(PacketStream connection) {
      count++;
      place(connection);
    }

    private void place(PacketStream connection) {
      long turnsLeft = (connection.silenceLeft() + TURN_NANOS - 1) / TURN_NANOS;
      int slot = (now + (int) Math.max(1, Math.min(SLOTS - 1, turnsLeft))) % SLOTS;
      PacketStream next = slots[slot];
      connection.slot = (byte) slot;
      connection.after = next;
      if (next != null) {
        next.before = connection;
      }
      slots[slot] = connection;
    }

    private void turn() {
      now = (now + 1) % SLOTS;
      for (PacketStream next = slots[now]; next != null; next = slots[now]) {
        unlink(next);
        if (next.silenceLeft() > 0) {
          place(next);
        } else {
          left();
          next.silent();
        }
      }
    }

    void remove(PacketStream connection) {
      unlink(connection);
      left();
    }

    private void left() {
      count--;
      if (count == 0) {
        turns.cancel(false);
        wheels.remove(loop);
      }
    }

    private void unlink(PacketStream connection) {
      PacketStream before = connection.before;
      PacketStream after = connection.after;
      if (before == null) {
        slots[connection.slot] = after;
      } else {
        before.after = after;
      }
      if (after != null) {
        after.before = before;
      }
      connection.slot = NOWHERE;
      connection.before = null;
      connection.after = null;
    }
  }
}
