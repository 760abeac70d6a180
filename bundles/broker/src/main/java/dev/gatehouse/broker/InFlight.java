package dev.gatehouse.broker;

import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.message.TopicName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was sent and is not acknowledged, by packet id. A stored message gets its id from its
 * number, so that it has the same one when it is sent again after a restart [MQTT-4.4.0-1]; ids of
 * the others go round. An open hash table, as large as the window makes it. Guarded by its outbox.
 */
final class InFlight {
  static final int MOST = 65_535;
  private static final int SMALLEST = 8;

  private static final @Nullable Outgoing[] NO_SLOTS = {null}; // one is too small for any
  // never added to: most connections have nothing to send again
  private static final Deque<Outgoing> NOTHING = new ArrayDeque<>(0);

  /** For a session to which nothing was sent yet: only asked. */
  static final InFlight NONE = new InFlight();

  private @Nullable Outgoing[] slots = NO_SLOTS;
  private Deque<Outgoing> due = NOTHING; // to be sent over the present connection, in order
  private int count;
  private int lastId; // of a message that is not stored
  private Set<Integer> kept = Set.of(); // in use, with no message behind them

  /** Whether there is a packet id that is not in use. */
  boolean room() {
    return count + kept.size() < MOST;
  }

  /** Adds a message, with a packet id that is not in use if it has none yet and there is room. */
  void add(Outgoing outgoing) {
    if ((count + 1) * 2 > slots.length) {
      grow();
    }
    if (outgoing.packetId == 0) {
      outgoing.packetId = idOf(outgoing);
    } else {
      free(outgoing.packetId);
    }
    put(outgoing);
    count++;
  }

  /**
   * If two whose numbers are a multiple of 65,535 apart are in flight, the later gets another id,
   * and after a restart perhaps its own.
   */
  private int idOf(Outgoing outgoing) {
    int id = next(outgoing.number > 0 ? (int) ((outgoing.number - 1) % MOST) : lastId);
    while (get(id) != null || kept.contains(id)) {
      id = next(id);
    }
    if (outgoing.number == 0) {
      lastId = id;
    }
    return id;
  }

  private static int next(int id) {
    return id == MOST ? 1 : id + 1;
  }

  private void put(Outgoing outgoing) {
    int mask = slots.length - 1;
    int at = outgoing.packetId & mask;
    while (slots[at] != null) {
      at = (at + 1) & mask;
    }
    slots[at] = outgoing;
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
    int mask = slots.length - 1;
    for (int at = packetId & mask; ; at = (at + 1) & mask) {
      Outgoing outgoing = slots[at];
      if (outgoing == null || outgoing.packetId == packetId) {
        return outgoing;
      }
    }
  }

  /** Takes it out; null if nothing with this id is in flight. */
  @Nullable Outgoing remove(int packetId) {
    Outgoing outgoing = get(packetId);
    if (outgoing == null) {
      return null;
    }
    if (!outgoing.sent) {
      due.remove(outgoing);
    }
    count--;
    if (count == 0 && slots.length > SMALLEST * 8) {
      slots = NO_SLOTS;
    } else {
      clear(outgoing);
    }
    return outgoing;
  }

  /** Those behind it that a gap would hide move up. */
  private void clear(Outgoing outgoing) {
    int mask = slots.length - 1;
    int gap = outgoing.packetId & mask;
    while (slots[gap] != outgoing) {
      gap = (gap + 1) & mask;
    }
    slots[gap] = null;
    for (int at = (gap + 1) & mask; ; at = (at + 1) & mask) {
      Outgoing next = slots[at];
      if (next == null) {
        return;
      }
      if (((at - next.packetId) & mask) >= ((at - gap) & mask)) {
        slots[gap] = next;
        slots[at] = null;
        gap = at;
      }
    }
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

  /** Those of QoS 1 that the guide lets the gateway give up, in order. */
  List<Outgoing> givenUp(Lifetime lifetime) {
    return lifetime.bounded()
        ? inOrder().stream()
            .filter(each -> each.qos == QoS.AT_LEAST_ONCE && lifetime.givenUp(each.message))
            .toList()
        : List.of();
  }

  /** A connection begins: all are due, in order. */
  void attach() {
    for (Outgoing outgoing : inOrder()) {
      outgoing.sent = false;
      due(outgoing);
    }
  }

  /** It ended. */
  void detach() {
    if (!due.isEmpty()) {
      due = NOTHING;
    }
  }

  /** It is to be sent after all that are due. */
  void due(Outgoing outgoing) {
    if (due == NOTHING) {
      due = new ArrayDeque<>();
    }
    due.add(outgoing);
  }

  /** The next that is due, whether it can be sent already or not; null if none is. */
  @Nullable Outgoing peekDue() {
    return due.peek();
  }

  int countDue() {
    return due.size();
  }

  boolean hasDue(TopicName topic) {
    if (due.isEmpty()) {
      return false;
    }
    for (Outgoing outgoing : due) {
      if (outgoing.hasTopic(topic)) {
        return true;
      }
    }
    return false;
  }

  @Nullable Outgoing pollDue() {
    return due.poll();
  }

  private void grow() {
    @Nullable Outgoing[] before = slots;
    slots = new Outgoing[Math.max(SMALLEST, before.length * 2)];
    for (Outgoing outgoing : before) {
      if (outgoing != null) {
        put(outgoing);
      }
    }
  }
}
