package dev.gatehouse.mqtt;

import dev.gatehouse.api.memory.MemoryBudget;
import dev.gatehouse.api.memory.MemoryShare;
import java.util.ArrayList;
import java.util.List;

/**
 * The MQTT edge's shares of the memory budget, one for each kind of data that clients make grow.
 */
final class EdgeMemory implements AutoCloseable {
  /** A cache stops here, so that it does not make its share look full. */
  private static final double CACHED = 0.9;

  /** Bytes of the budget for each connection; it takes less than that of the rest of the heap. */
  private static final int CONNECTION_BYTES = 5_600;

  /** Messages and requests that wait for the broker's answer. */
  final MemoryShare inbound;

  /** Packets that are not complete yet. */
  final MemoryShare packets;

  /** What waits to be written to clients that read slowly. */
  final MemoryShare outbound;

  /** Topic aliases, both ways. */
  final MemoryShare aliases;

  /** Decisions of policies by topic. */
  final MemoryShare rights;

  /** Connections that the heap beside the budget is large enough for. */
  final int connections;

  private final List<MemoryShare> open = new ArrayList<>();

  EdgeMemory(MemoryBudget budget) {
    try {
      inbound = open(budget, "mqtt.inbound", 8);
      packets = open(budget, "mqtt.packets", 5);
      outbound = open(budget, "mqtt.outbound", 5);
      aliases = open(budget, "mqtt.aliases", 3);
      rights = open(budget, "mqtt.rights", 3);
    } catch (IllegalStateException e) {
      close();
      throw e;
    }
    connections = (int) Math.min(Integer.MAX_VALUE, budget.totalBytes() / CONNECTION_BYTES);
  }

  private MemoryShare open(MemoryBudget budget, String name, int percent) {
    MemoryShare share = budget.open(name, percent);
    open.add(share);
    return share;
  }

  /** Takes bytes for an entry of a cache, which is no worse than slower without it. */
  static boolean tryCache(MemoryShare share, long bytes) {
    return share.usedBytes() + bytes <= share.limitBytes() * CACHED && share.tryTake(bytes);
  }

  @Override
  public void close() {
    open.forEach(MemoryShare::close);
  }
}
