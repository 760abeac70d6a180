package dev.gatehouse.broker;

import dev.gatehouse.api.message.MessageBus;
import dev.gatehouse.api.session.SessionOpening;
import dev.gatehouse.api.session.SessionRequest;
import dev.gatehouse.api.session.SessionSink;
import dev.gatehouse.api.session.Sessions;
import dev.gatehouse.api.session.WillRights;
import dev.gatehouse.testkit.FixedMemory;
import dev.gatehouse.testkit.InMemoryStore;
import dev.gatehouse.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The broker on a store in memory, whose time passes when it is told to. */
public final class BrokerStand implements Sessions, AutoCloseable {
  private final InMemoryStore store = new InMemoryStore();
  private final ManualClock clock = new ManualClock(Instant.parse("2016-10-01T00:00:00Z"));
  private final List<Due> tasks = new ArrayList<>(); // guarded by itself
  private final BrokerSettings settings;
  private final FixedMemory memory;
  private CuttableStore life;
  private volatile Broker broker;
  private volatile WillRights willRights; // of the edge, which is there all the time

  private record Due(Instant at, Runnable action) {}

  /** With room for what tests do. */
  public BrokerStand() {
    this(20, 500, 100, true);
  }

  /** With this memory. */
  public BrokerStand(FixedMemory memory) {
    this(20, 500, 100, true, memory);
  }

  /**
   * With such bounds.
   *
   * @param subscriptions of a session
   * @param queued messages of a kept session
   * @param buffered messages in memory of a session
   */
  public BrokerStand(int subscriptions, int queued, int buffered, boolean parentMatch) {
    this(subscriptions, queued, buffered, parentMatch, new FixedMemory());
  }

  private BrokerStand(
      int subscriptions, int queued, int buffered, boolean parentMatch, FixedMemory memory) {
    this.memory = memory;
    settings =
        new BrokerSettings(
            1_000,
            subscriptions,
            new BrokerSettings.Limit(queued, 16 << 20),
            new BrokerSettings.Limit(buffered, 512 << 10),
            0,
            64 << 20,
            new BrokerSettings.Limit(500, 1 << 20),
            2,
            64,
            Duration.ofSeconds(300),
            parentMatch,
            0);
    life = new CuttableStore(store);
    broker = newBroker();
  }

  private Broker newBroker() {
    return new Broker(life, new BrokerMemory(memory), settings, clock, new ClockTimer(), () -> {});
  }

  /** What is due comes when the clock passes it. */
  private final class ClockTimer implements Timer {
    @Override
    public Task after(Duration delay, Runnable action) {
      Due due = new Due(clock.instant().plus(delay), action);
      synchronized (tasks) {
        tasks.add(due);
      }
      return () -> {
        synchronized (tasks) {
          tasks.removeIf(each -> each == due);
        }
      };
    }

    @Override
    public Duration now() {
      return Duration.ofMillis(clock.millis());
    }
  }

  /** Lets time pass, and do what it brings. */
  public void pass(Duration time) {
    clock.advance(time);
    for (Due due = next(); due != null; due = next()) {
      due.action.run();
    }
  }

  private Due next() {
    synchronized (tasks) {
      Due due =
          tasks.stream()
              .filter(each -> !each.at.isAfter(clock.instant()))
              .min(Comparator.comparing(Due::at))
              .orElse(null);
      tasks.remove(due);
      return due;
    }
  }

  /** What kill -9 and a start are to the broker: what it had in memory is gone. */
  public void crash() {
    synchronized (tasks) {
      tasks.clear();
    }
    life.cut();
    life = new CuttableStore(store);
    broker = newBroker();
    WillRights edge = willRights;
    if (edge != null) {
      broker.publishRestoredWills(edge);
    }
  }

  @Override
  public void publishRestoredWills(WillRights rights) {
    willRights = rights;
    broker.publishRestoredWills(rights);
  }

  /** Where it keeps what it must not forget. */
  public InMemoryStore store() {
    return store;
  }

  /** Its clock. */
  public ManualClock clock() {
    return clock;
  }

  /** The bytes of all shares of its memory but for caches. */
  public long heldBytes() {
    BrokerMemory shares = broker.memory();
    return shares.messages.usedBytes()
        + shares.retained.usedBytes()
        + shares.sessions.usedBytes()
        + shares.wills.usedBytes()
        + shares.mailboxes.usedBytes();
  }

  /** Its bus. */
  public MessageBus bus() {
    return broker;
  }

  /** How many sessions are connected. */
  public int connected() {
    return (int) metric("broker_sessions_connected");
  }

  /** A metric of the broker without labels. */
  public double metric(String name) {
    return broker.metrics().stream()
        .filter(metric -> metric.name().equals(name))
        .findFirst()
        .orElseThrow()
        .value();
  }

  @Override
  public CompletionStage<SessionOpening> open(SessionRequest request, SessionSink sink) {
    return broker.open(request, sink);
  }

  @Override
  public void close() {
    broker.stop();
  }
}
