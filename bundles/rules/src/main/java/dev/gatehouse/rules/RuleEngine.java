package dev.gatehouse.rules;

import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.message.MessageBus;
import dev.gatehouse.api.store.Table;
import dev.gatehouse.api.telemetry.HealthCheck;
import dev.gatehouse.api.telemetry.Metric;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the rules that run equal to the rules in the store. Changed by its control thread only. */
final class RuleEngine {
  private static final Logger LOG = LoggerFactory.getLogger(RuleEngine.class);
  private static final int PAGE = 256;
  private static final int MAX_METRIC_RULES = 100;

  private final Table table;
  private final MessageBus bus;
  private final Whiteboard whiteboard;
  private final ActionRunner runner;
  private final RulesConfig config;
  private final Clock clock;
  private final ConcurrentMap<RuleKey, Slot> slots = new ConcurrentHashMap<>();

  RuleEngine(
      Table table,
      MessageBus bus,
      Whiteboard whiteboard,
      ActionRunner runner,
      RulesConfig config,
      Clock clock) {
    this.table = table;
    this.bus = bus;
    this.whiteboard = whiteboard;
    this.runner = runner;
    this.config = config;
    this.clock = clock;
  }

  /** A rule of the store: running, disabled (both null), or not able to run. */
  private record Slot(RuleCounters counters, @Nullable LiveRule live, @Nullable String problem) {}

  /** Starts every rule of the store. */
  void start() {
    byte[] from = null;
    List<Table.Row> rows;
    do {
      rows = table.range(from, null, PAGE, Table.Order.ASCENDING);
      for (Table.Row row : rows) {
        install(RuleKey.parse(row.key()), row.value());
        from = java.util.Arrays.copyOf(row.key(), row.key().length + 1);
      }
    } while (rows.size() == PAGE);
    LOG.info("event=rules_started rules={}", slots.size());
  }

  /** Takes over what the store says of a rule now. */
  void refresh(RuleKey key) {
    install(key, table.get(key.bytes()).orElse(null));
  }

  /** An action type came or went: whoever uses it changes, the others go on undisturbed. */
  void refreshUsersOf(String actionType) {
    slots.forEach(
        (key, slot) -> {
          if (slot.problem() != null || (slot.live() != null && slot.live().uses(actionType))) {
            refresh(key);
          }
        });
  }

  /** A function set came or went. */
  void refreshAll() {
    slots.keySet().forEach(this::refresh);
  }

  private void install(RuleKey key, byte @Nullable [] value) {
    Slot before = slots.get(key);
    if (before != null && before.live() != null) {
      before.live().close();
    }
    if (value == null) {
      slots.remove(key);
      return;
    }
    RuleCounters counters = before == null ? new RuleCounters() : before.counters();
    Slot slot = slot(key, value, counters);
    slots.put(key, slot);
    if (slot.problem() != null && (before == null || !slot.problem().equals(before.problem()))) {
      LOG.warn("event=rule_degraded rule={} reason=\"{}\"", key.name(), slot.problem());
    }
  }

  private Slot slot(RuleKey key, byte[] value, RuleCounters counters) {
    try {
      RuleDocument document = RuleDocument.load(value);
      if (document.disabled()) {
        return new Slot(counters, null, null);
      }
      RuleProgram program = RuleProgram.of(key, document, whiteboard);
      LiveRule live = new LiveRule(key, program, runner, counters, clock);
      live.open(bus, config.mailboxCapacity());
      List<String> missing = live.missing();
      return new Slot(
          counters, live, missing.isEmpty() ? null : "no bundle provides the actions " + missing);
    } catch (ServiceException | IllegalStateException e) {
      return new Slot(counters, null, String.valueOf(e.getMessage()));
    }
  }

  /** Stops all. */
  void stop() {
    for (Slot slot : slots.values()) {
      if (slot.live() != null) {
        slot.live().close();
      }
    }
    slots.clear();
  }

  HealthCheck.Health health() {
    List<String> degraded = new ArrayList<>();
    for (Map.Entry<RuleKey, Slot> slot : slots.entrySet()) {
      if (slot.getValue().problem() != null && degraded.size() < 10) {
        degraded.add(slot.getKey().name() + ": " + slot.getValue().problem());
      }
    }
    return degraded.isEmpty()
        ? new HealthCheck.Health("rules", HealthCheck.State.UP, "")
        : new HealthCheck.Health("rules", HealthCheck.State.DEGRADED, String.join("; ", degraded));
  }

  /** Of at most 100 rules, so that the series stay few. */
  List<Metric> metrics() {
    List<Metric> metrics = new ArrayList<>();
    long degraded = slots.values().stream().filter(slot -> slot.problem() != null).count();
    metrics.add(Metric.gauge("rules_count", slots.size()));
    metrics.add(Metric.gauge("rules_degraded_count", (double) degraded));
    slots.entrySet().stream()
        .sorted(Map.Entry.comparingByKey(java.util.Comparator.comparing(RuleKey::name)))
        .limit(MAX_METRIC_RULES)
        .forEach(slot -> metrics.addAll(slot.getValue().counters().metrics(slot.getKey().name())));
    return metrics;
  }
}
