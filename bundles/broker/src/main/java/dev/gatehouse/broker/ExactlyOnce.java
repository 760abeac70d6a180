package dev.gatehouse.broker;

import dev.gatehouse.api.store.Batch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The packet ids of QoS 2 messages to one session (MQTT 5.0, 4.3.3), guarded by its outbox. Of a
 * persistent session each has a row, written before the message is sent and again before PUBREL is,
 * and deleted with the stored entry: so no crash makes the client take a message twice, or a new
 * one for an old one. An id is not used again before its row is gone.
 */
final class ExactlyOnce {
  /** For a session that never sent or was sent any: only asked. */
  static final ExactlyOnce NONE = new ExactlyOnce(InFlight.NONE);

  private final InFlight inFlight;
  private final Map<Integer, Release> released = new LinkedHashMap<>(0); // PUBREC came, by id
  private final NavigableMap<Long, Integer> finished = new TreeMap<>(); // rows to delete, and ids
  private final Map<Long, Integer> restored = new HashMap<>(0); // of before a restart; 0: released
  private final Deque<Outgoing> unmarked = new ArrayDeque<>(0);
  private final Deque<Integer> unreleased = new ArrayDeque<>(0);
  private boolean committing;
  private boolean unsorted; // rows came in the order of their keys, which is not that of numbers

  /** After PUBREC. */
  private static final class Release {
    final long number;
    boolean durable;
    boolean counted; // takes a place in the window of the present connection

    Release(long number, boolean durable, boolean counted) {
      this.number = number;
      this.durable = durable;
      this.counted = counted;
    }
  }

  /** What was committed together. */
  record Commit(List<Outgoing> marks, List<Integer> releases) {}

  ExactlyOnce(InFlight inFlight) {
    this.inFlight = inFlight;
  }

  /** Takes a row that the store holds. */
  void restore(long number, int packetId, boolean isReleased) {
    inFlight.restore(packetId);
    restored.put(number, isReleased ? 0 : packetId);
    if (isReleased) {
      released.put(packetId, new Release(number, true, false));
      unsorted = true;
    }
  }

  /** Gives an entry that was read the id that it had before a restart; false if it was received. */
  boolean restore(Outgoing outgoing) {
    Integer packetId = restored.get(outgoing.number);
    if (packetId == null) {
      return true;
    }
    outgoing.packetId = packetId;
    outgoing.marked = true;
    outgoing.duplicate = true;
    return packetId != 0;
  }

  /** A restored message is in flight again. */
  void resent(Outgoing outgoing) {
    restored.remove(outgoing.number);
  }

  /** The numbers of messages that were perhaps sent before a restart. */
  Set<Long> begun() {
    return Set.copyOf(restored.keySet());
  }

  /** Makes the id of a message that is in flight durable; it can be sent after that. */
  void mark(Outgoing outgoing) {
    unmarked.add(outgoing);
  }

  /** The client received a message, which is not in flight any more. True if PUBREL may go. */
  boolean release(Outgoing outgoing) {
    boolean durable = outgoing.number == 0;
    inFlight.keep(outgoing.packetId);
    released.put(outgoing.packetId, new Release(outgoing.number, durable, outgoing.sent));
    if (!durable) {
      unreleased.add(outgoing.packetId);
    }
    return durable;
  }

  /** Whether PUBREC came; {@code again} is told if PUBREL may go. */
  boolean released(int packetId, IntConsumer again) {
    Release release = released.get(packetId);
    if (release != null && release.durable) {
      again.accept(packetId);
    }
    return release != null;
  }

  /** A connection begins: the ids that are to be released again, in order. */
  List<Integer> start() {
    if (unsorted) {
      sort();
    }
    List<Integer> ids = new ArrayList<>(released.size());
    released.forEach(
        (id, release) -> {
          release.counted = false;
          if (release.durable) {
            ids.add(id);
          }
        });
    return ids;
  }

  /** A client that has several takes PUBREL for delivery, so the first comes first. */
  private void sort() {
    List<Map.Entry<Integer, Release>> all = new ArrayList<>(released.entrySet());
    all.sort(Comparator.comparingLong(each -> each.getValue().number));
    released.clear();
    all.forEach(each -> released.put(each.getKey(), each.getValue()));
    unsorted = false;
  }

  /** PUBCOMP. Returns whether a place in the window is free; null if the id is unknown. */
  @Nullable Boolean complete(int packetId) {
    Release release = released.get(packetId);
    if (release == null || !release.durable) {
      return null;
    }
    released.remove(packetId);
    finish(release.number, packetId);
    return release.counted;
  }

  /** Nothing more is said about a message. */
  void finish(long number, int packetId) {
    if (number == 0) {
      inFlight.free(packetId);
    } else {
      inFlight.keep(packetId);
      finished.put(number, packetId);
    }
  }

  /** Whether there are rows to delete. */
  boolean hasFinished() {
    return !finished.isEmpty();
  }

  /** The lowest number of those whose release is not durable: its entry must stay. */
  long lowestNumber() {
    return released.values().stream()
        .filter(release -> !release.durable)
        .mapToLong(release -> release.number)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /** Takes what is finished with its entries trimmed up to a number. */
  Map<Long, Integer> takeFinished(long upTo) {
    NavigableMap<Long, Integer> head = finished.headMap(upTo, true);
    Map<Long, Integer> taken = Map.copyOf(head);
    head.clear();
    return taken;
  }

  /** Their deletion is over. */
  void deleted(Map<Long, Integer> taken, boolean durable) {
    if (durable) {
      taken.values().forEach(inFlight::free);
      restored.keySet().removeAll(taken.keySet());
    } else {
      finished.putAll(taken);
    }
  }

  static void delete(Batch batch, Marks marks, Map<Long, Integer> taken) {
    taken.keySet().forEach(number -> marks.delete(batch, number));
  }

  /** Deletes all rows there may be. */
  void deleteAll(Batch batch, Marks marks) {
    for (Outgoing outgoing : inFlight.inOrder()) {
      if (outgoing.needsMark()) {
        marks.delete(batch, outgoing.number);
      }
    }
    released.values().forEach(release -> marks.delete(batch, release.number));
    finished.keySet().forEach(number -> marks.delete(batch, number));
    restored.keySet().forEach(number -> marks.delete(batch, number));
  }

  /** Makes durable what waits for it, one commit at a time. */
  void commit(Marks marks, BiConsumer<Commit, Boolean> settled) {
    if (committing || (unmarked.isEmpty() && unreleased.isEmpty())) {
      return;
    }
    Commit commit = new Commit(List.copyOf(unmarked), List.copyOf(unreleased));
    unmarked.clear();
    unreleased.clear();
    Batch batch = new Batch().urgent(); // without it the message cannot be fetched
    commit.marks().forEach(mark -> marks.put(batch, mark.number, mark.packetId, false));
    for (int id : commit.releases()) {
      Release release = released.get(id);
      if (release != null) {
        marks.put(batch, release.number, id, true);
      }
    }
    committing = true;
    marks.commit(batch).thenAccept(durable -> settled.accept(commit, durable));
  }

  /** A commit is over; what failed is due again. */
  void settle(Commit commit, boolean durable) {
    committing = false;
    if (!durable) {
      List<Outgoing> marks = commit.marks();
      for (int i = marks.size() - 1; i >= 0; i--) {
        unmarked.addFirst(marks.get(i));
      }
      List<Integer> releases = commit.releases();
      for (int i = releases.size() - 1; i >= 0; i--) {
        unreleased.addFirst(releases.get(i));
      }
      return;
    }
    commit.marks().forEach(mark -> mark.marked = true);
    for (int id : commit.releases()) {
      Release release = released.get(id);
      if (release != null) {
        release.durable = true;
      }
    }
  }
}
