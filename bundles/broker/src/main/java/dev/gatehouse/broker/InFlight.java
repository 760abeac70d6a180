package dev.gatehouse.broker;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was sent and is not acknowledged, by packet id. Ids go round 1 to 65,535, so the low bits
 * tell the ids in use apart, and the table is as large as the window makes it.
 */
final class InFlight {
  static final int MOST = 65_535;
  private static final int SMALLEST = 8;

  private @Nullable Outgoing[] slots = new Outgoing[SMALLEST];
  private int count;
  private int lastId;

  int count() {
    return count;
  }

  /** Gives it a packet id that is not in use; fewer than {@link #MOST} are in flight. */
  void add(Outgoing outgoing) {
    if (count * 2 >= slots.length && slots.length <= MOST) {
      grow();
    }
    do {
      lastId = lastId == MOST ? 1 : lastId + 1;
    } while (slots[lastId & (slots.length - 1)] != null);
    outgoing.packetId = lastId;
    slots[lastId & (slots.length - 1)] = outgoing;
    count++;
  }

  /** Takes it out; null if nothing with this id is in flight. */
  @Nullable Outgoing remove(int packetId) {
    int slot = packetId & (slots.length - 1);
    Outgoing outgoing = slots[slot];
    if (outgoing == null || outgoing.packetId != packetId) {
      return null;
    }
    slots[slot] = null;
    count--;
    if (count == 0 && slots.length > SMALLEST * 8) {
      slots = new Outgoing[SMALLEST];
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
    // how long ago the id was given
    int newest = lastId;
    all.sort(
        Comparator.comparingInt((Outgoing o) -> Math.floorMod(newest - o.packetId, MOST))
            .reversed());
    return all;
  }

  private void grow() {
    @Nullable Outgoing[] more = new Outgoing[slots.length * 2];
    for (Outgoing outgoing : slots) {
      if (outgoing != null) {
        more[outgoing.packetId & (more.length - 1)] = outgoing;
      }
    }
    slots = more;
  }
}
