package dev.gatehouse.broker;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The nodes below a node: an open hash table that readers probe without a lock while the one writer
 * fills empty slots. A removed node leaves a grave until the table is built anew, so that a probe
 * never ends early.
 */
final class TrieChildren {
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(TrieNode[].class);
  private static final TrieNode GRAVE = TrieNode.nameless();
  // Clients choose the levels: with a factor that they do not know they cannot choose collisions.
  private static final int FACTOR = ThreadLocalRandom.current().nextInt() | 1;
  private static final int SMALLEST = 2;
  // never filled, since one is too small for any: many nodes have nothing but a wildcard below
  private static final @Nullable TrieNode[] NONE = {null};

  volatile @Nullable TrieNode anyLevel; // +
  volatile @Nullable TrieNode anyRest; // #
  private volatile @Nullable TrieNode[] slots = NONE;
  private int live; // writer
  private int used; // writer: live and graves

  /** The child for the level {@code topic[from, to)}. */
  @Nullable TrieNode find(String topic, int from, int to) {
    @Nullable TrieNode[] table = slots;
    int mask = table.length - 1;
    for (int i = hash(topic, from, to) & mask; ; i = (i + 1) & mask) {
      TrieNode node = (TrieNode) SLOT.getAcquire(table, i);
      if (node == null) {
        return null;
      }
      if (node != GRAVE && node.named(topic, from, to)) {
        return node;
      }
    }
  }

  /** The child for a level of a filter, wildcards too, made if it is not there. */
  TrieNode obtain(String filter, int from, int to) {
    TrieNode node = get(filter, from, to);
    if (node == null) {
      node = TrieNode.of(filter, from, to);
      put(node);
    }
    return node;
  }

  /** The child for a level of a filter, wildcards too. */
  @Nullable TrieNode get(String filter, int from, int to) {
    if (to - from == 1) {
      char c = filter.charAt(from);
      if (c == '+') {
        return anyLevel;
      }
      if (c == '#') {
        return anyRest;
      }
    }
    return find(filter, from, to);
  }

  void remove(TrieNode node) {
    if (node == anyLevel) {
      anyLevel = null;
    } else if (node == anyRest) {
      anyRest = null;
    } else {
      @Nullable TrieNode[] table = slots;
      int mask = table.length - 1;
      int i = hash(node) & mask;
      while (table[i] != node) {
        i = (i + 1) & mask;
      }
      SLOT.setRelease(table, i, GRAVE);
      live--;
      if (live < table.length / 8) {
        rebuild();
      }
    }
  }

  boolean empty() {
    return live == 0 && anyLevel == null && anyRest == null;
  }

  private void put(TrieNode node) {
    if (node.named("+", 0, 1)) {
      anyLevel = node;
      return;
    }
    if (node.named("#", 0, 1)) {
      anyRest = node;
      return;
    }
    if ((used + 1) * 4 > slots.length * 3) {
      rebuild();
    }
    insert(slots, node);
    live++;
    used++;
  }

  private void rebuild() {
    int size = SMALLEST;
    while ((live + 1) * 4 > size * 3) {
      size *= 2;
    }
    // room for as many again, else the next few would rebuild it again
    @Nullable TrieNode[] table = new TrieNode[live <= 1 ? size : size * 2];
    for (TrieNode node : slots) {
      if (node != null && node != GRAVE) {
        insert(table, node);
      }
    }
    used = live;
    slots = table;
  }

  private static void insert(@Nullable TrieNode[] table, TrieNode node) {
    int mask = table.length - 1;
    int i = hash(node) & mask;
    while (table[i] != null) {
      i = (i + 1) & mask;
    }
    SLOT.setRelease(table, i, node);
  }

  private static int hash(TrieNode node) {
    return hash(node.filter, node.from, node.to);
  }

  private static int hash(String text, int from, int to) {
    int h = to - from;
    for (int i = from; i < to; i++) {
      h = (h ^ text.charAt(i)) * FACTOR;
      h ^= h >>> 15;
    }
    return h ^ (h >>> 16);
  }
}
