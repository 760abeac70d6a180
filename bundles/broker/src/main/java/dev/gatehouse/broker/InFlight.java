package dev.gatehouse.broker;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was sent and is not acknowledged, by packet id. Ids go round 1 to 65,535, so the low bits
 * tell the ids in use apart, and the table is as large as the window makes it.
 */
final class InFlight {
  static final int MOST = 65_535;
  private static final int SMALLEST = 8;

  private static final @Nullable Outgoing[] NONE = {null};

  private @Nullable Outgoing[] slots = NONE; // never written: one is too small for any
  private int count;
  private int lastId;
  private Set<Integer> kept = Set.of(); // in use, with no message behind them

  /** Whether there is a packet id that is not in use. */
  boolean room() {
    return count + kept.size() < MOST;
  }

  /** Adds a message, with a packet id that is not in use if it has none yet and there is room. */
  void add(Outgoing outgoing) {
    if (slots == NONE || ((count + kept.size()) * 2 >= slots.length && slots.length <= MOST)) {
      grow();
    }
    if (outgoing.packetId == 0) {
      do {
        lastId = lastId == MOST ? 1 : lastId + 1;
      } while (slots[lastId & (slots.length - 1)] != null || kept.contains(lastId));
      outgoing.packetId = lastId;
    } else {
      while (slots[outgoing.packetId & (slots.length - 1)] != null) {
        grow();
      }
      free(outgoing.packetId);
    }
    slots[outgoing.packetId & (slots.length - 1)] = outgoing;
    count++;
  }

  /** Nothing else gets this id until it is freed, or a message that has it is added. */
  void keep(int packetId) {
    if (kept.isEmpty()) {
      kept = new HashSet<>();
    }
    kept.add(packetId);
  }

  /** Keeps an id of before a restart. */
  void restore(int packetId) {
    keep(packetId);
    lastId = Math.max(lastId, packetId);
  }

  void free(int packetId) {
    if (!kept.isEmpty()) {
      kept.remove(packetId);
    }
  }

  /** The message with this id; null if there is none. */
  @Nullable Outgoing get(int packetId) {
    Outgoing outgoing = slots[packetId & (slots.length - 1)];
    return outgoing == null || outgoing.packetId != packetId ? null : outgoing;
  }

  /** Takes it out; null if nothing with this id is in flight. */
  @Nullable Outgoing remove(int packetId) {
    Outgoing outgoing = get(packetId);
    if (outgoing == null) {
      return null;
    }
    slots[packetId & (slots.length - 1)] = null;
    count--;
    if (count == 0 && slots.length > SMALLEST * 8) {
      slots = NONE;
    }
    return outgoing;
  }

  /** The lowest stored number; {@code Long.MAX_VALUE} if none is stored. */
  long lowestNumber() {
    long lowest = Long.MAX_VALUE;
    for (Outgoing outgoing : slots) {
      if (outgoing != null && outgoing.number > 0) {
        lowest = Math.min(lowest, outgoing.number);
      }
    }
    return lowest;
  }

  /** All, in the order in which they were sent first. */
  List<Outgoing> inOrder() {
    List<Outgoing> all = new ArrayList<>(count);
    for (Outgoing outgoing : slots) {
      if (outgoing != null) {
        all.add(outgoing);
      }
    }
    int newest = lastId;
    all.sort(
        Comparator.comparingLong((Outgoing o) -> o.number)
            // of those that are not stored, how long ago the id was given
            .thenComparingInt(o -> -Math.floorMod(newest - o.packetId, MOST)));
    return all;
  }

  private void grow() {
    @Nullable Outgoing[] more = new Outgoing[Math.max(SMALLEST, slots.length * 2)];
    for (Outgoing outgoing : slots) {
      if (outgoing != null) {
        more[outgoing.packetId & (more.length - 1)] = outgoing;
      }
    }
    slots = more;
  }
}
