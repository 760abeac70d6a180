package dev.gatehouse.broker;

import dev.gatehouse.api.memory.MemoryBudget;
import dev.gatehouse.api.memory.MemoryShare;
import java.util.ArrayList;
import java.util.List;

/** The broker's shares of the memory budget, one for each kind of data that clients make grow. */
final class BrokerMemory implements AutoCloseable {
  private static final int LARGE_SESSION = 2 << 10;

  /** Messages that wait for a session's client or for its acknowledgement. */
  final MemoryShare messages;

  final MemoryShare retained;

  /** Sessions, their subscriptions and the topic tries. */
  final MemoryShare sessions;

  /** The caches of subscribers by topic. */
  final MemoryShare topics;

  final MemoryShare wills;

  /** Messages that wait for rules, shadows, drivers and other parts of the gateway. */
  final MemoryShare mailboxes;

  private final List<MemoryShare> open = new ArrayList<>();

  BrokerMemory(MemoryBudget budget) {
    try {
      messages = open(budget, "broker.messages", 17);
      retained = open(budget, "broker.retained", 10);
      sessions = open(budget, "broker.sessions", 16);
      topics = open(budget, "broker.topics", 3);
      wills = open(budget, "broker.wills", 4);
      mailboxes = open(budget, "broker.mailboxes", 8);
    } catch (IllegalStateException e) {
      close();
      throw e;
    }
  }

  /**
   * Whether a session may have many subscriptions: they leave room for sessions, and for a few
   * subscriptions of each.
   */
  boolean hasRoomForMany() {
    return sessions.usedBytes() <= sessions.limitBytes() / 10 * 6;
  }

  /**
   * Takes the memory for a session; large ones and kept ones leave room for those of devices.
   *
   * @param replaced bytes of the session that ends in its favour, 0 if there is none: a client can
   *     always end a session by a smaller one
   */
  boolean trySession(long bytes, boolean durable, long replaced) {
    if (bytes <= replaced) {
      sessions.take(bytes);
      return true;
    }
    boolean reserved = sessions.usedBytes() + bytes > sessions.limitBytes() / 10 * 8;
    return !(reserved && (durable || bytes > LARGE_SESSION)) && sessions.tryTake(bytes);
  }

  private MemoryShare open(MemoryBudget budget, String name, int percent) {
    MemoryShare share = budget.open(name, percent);
    open.add(share);
    return share;
  }

  @Override
  public void close() {
    open.forEach(MemoryShare::close);
  }
}
