package dev.gatehouse.rules;

import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.memory.MemoryShare;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.MessageBus;
import dev.gatehouse.api.rules.Rules;
import dev.gatehouse.api.store.Table;
import dev.gatehouse.api.telemetry.HealthCheck;
import dev.gatehouse.api.telemetry.LogText;
import dev.gatehouse.api.telemetry.Metric;
import dev.gatehouse.rules.delivery.LaneServices;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the rules that run equal to the rules in the store. Changed by its control thread only. */
final class RuleEngine {
  private static final Logger LOG = LoggerFactory.getLogger(RuleEngine.class);
  private static final int MAX_METRIC_RULES = 100;
  private static final int MAX_PROBLEMS = 10;

  private final Table table;
  private final MessageBus bus;
  private final Whiteboard whiteboard;
  private final LaneServices services;
  private final RulesConfig config;
  private final MemoryShare programs;
  private final ConcurrentMap<RuleKey, Slot> slots = new ConcurrentHashMap<>();
  private final LongAdder unclaimed = new LongAdder();

  RuleEngine(
      Table table,
      MessageBus bus,
      Whiteboard whiteboard,
      LaneServices services,
      RulesConfig config,
      MemoryShare programs) {
    this.table = table;
    this.bus = bus;
    this.whiteboard = whiteboard;
    this.services = services;
    this.config = config;
    this.programs = programs;
  }

  /** A rule of the store: running, disabled (both null), or not able to run. */
  private record Slot(
      RuleCounters counters, RuleLanes lanes, @Nullable LiveRule live, @Nullable String problem) {

    long heapBytes() {
      return live == null ? 0 : live.heapBytes();
    }
  }

  /** Starts every rule of the store. */
  void start() {
    table.forEach(RuleOperations.PAGE, row -> install(RuleKey.parse(row.key()), row.value()));
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

  /** A function set came or went: rules that call no functions of others go on undisturbed. */
  void refreshCallers() {
    slots.forEach(
        (key, slot) -> {
          if (slot.problem() != null || (slot.live() != null && slot.live().callsOthers())) {
            refresh(key);
          }
        });
  }

  private void install(RuleKey key, byte @Nullable [] value) {
    Slot before = slots.get(key);
    if (value == null) {
      remove(key, before);
      return;
    }
    RuleCounters counters = before == null ? new RuleCounters() : before.counters();
    RuleLanes lanes =
        before == null ? new RuleLanes(key, services, counters.delivery) : before.lanes();
    LiveRule last = before == null ? null : before.live();
    Set<String> actions = null;
    Slot slot;
    try {
      RuleDocument document = RuleDocument.load(value);
      actions = document.allActions().map(ActionSpec::slot).collect(Collectors.toSet());
      slot = slot(key, document, counters, lanes, last);
    } catch (ServiceException | IllegalStateException e) {
      slot = new Slot(counters, lanes, null, String.valueOf(e.getMessage()));
    }
    slots.put(key, slot);
    programs.take(slot.heapBytes());
    programs.release(before == null ? 0 : before.heapBytes());
    if (last != null) {
      last.giveWay(slot.live());
    }
    if (actions != null) {
      lanes.retain(actions);
    }
    if (slot.problem() != null && (before == null || !slot.problem().equals(before.problem()))) {
      LOG.warn(
          "event=rule_degraded rule={} reason=\"{}\"",
          key.name(),
          LogText.printable(slot.problem()));
    }
  }

  private void remove(RuleKey key, @Nullable Slot slot) {
    slots.remove(key);
    if (slot != null) {
      programs.release(slot.heapBytes());
      if (slot.live() != null) {
        slot.live().close();
      }
      slot.lanes().retain(Set.of());
    }
  }

  private Slot slot(
      RuleKey key,
      RuleDocument document,
      RuleCounters counters,
      RuleLanes lanes,
      @Nullable LiveRule last) {
    if (document.disabled()) {
      return new Slot(counters, lanes, null, null);
    }
    RuleProgram program = RuleProgram.of(key, document, whiteboard);
    Evaluator evaluator =
        new Evaluator(services.pool(), config.mailboxCapacity(), services.memory());
    LiveRule live = new LiveRule(key, program, lanes, evaluator, counters, services);
    live.open(bus, config.mailboxCapacity(), last);
    List<String> missing = live.missing();
    String problem = missing.isEmpty() ? null : "no bundle provides the actions " + missing;
    return new Slot(counters, lanes, live, problem);
  }

  /** Stops all; completes when what was under way is delivered or durable. */
  CompletableFuture<Void> stop() {
    List<CompletableFuture<Void>> ends = new ArrayList<>();
    for (Slot slot : slots.values()) {
      if (slot.live() == null) {
        ends.add(slot.lanes().close());
      } else {
        CompletionStage<Void> last = slot.live().giveWay(null);
        ends.add(last.thenCompose(done -> slot.lanes().close()).toCompletableFuture());
      }
    }
    slots.clear();
    return CompletableFuture.allOf(ends.toArray(CompletableFuture<?>[]::new));
  }

  /** A message for one rule alone, whatever its FROM says (guide: Basic Ingest). */
  CompletionStage<Void> ingest(RuleKey key, Message message) {
    Slot slot = slots.get(key);
    if (slot == null || slot.live() == null) {
      unclaimed.increment();
      LOG.debug(
          "event=ingest_without_rule rule={} topic={}",
          key.name(),
          LogText.printable(message.topic().value()));
      return CompletableFuture.completedFuture(null);
    }
    return slot.live().onMessage(message);
  }

  /** About how much of the heap an account's rules take. */
  long heapBytes(Account account) {
    long bytes = 0;
    for (Map.Entry<RuleKey, Slot> slot : slots.entrySet()) {
      if (slot.getKey().account().equals(account)) {
        bytes += slot.getValue().heapBytes();
      }
    }
    return bytes;
  }

  HealthCheck.Health health() {
    List<String> degraded = new ArrayList<>();
    for (Map.Entry<RuleKey, Slot> slot : slots.entrySet()) {
      if (slot.getValue().problem() != null) {
        degraded.add(slot.getKey().name() + ": " + slot.getValue().problem());
      }
      degraded.addAll(slot.getValue().lanes().problems());
    }
    return degraded.isEmpty()
        ? new HealthCheck.Health("rules", HealthCheck.State.UP, "")
        : new HealthCheck.Health(
            "rules",
            HealthCheck.State.DEGRADED,
            String.join("; ", degraded.subList(0, Math.min(degraded.size(), MAX_PROBLEMS))));
  }

  Rules.Summary summary(RuleKey key, RuleOperations.Stored stored) {
    Slot slot = slots.get(key);
    if (slot == null) {
      return new Rules.Summary(key.name(), !stored.disabled(), stored.pattern(), "", 0, 0);
    }
    List<String> problems = new ArrayList<>(slot.lanes().problems());
    if (slot.problem() != null) {
      problems.add(0, slot.problem());
    }
    return new Rules.Summary(
        key.name(),
        !stored.disabled(),
        stored.pattern(),
        String.join("; ", problems),
        slot.counters().matched.sum(),
        slot.lanes().waiting());
  }

  /** Of at most 100 rules, so that the series stay few. */
  List<Metric> metrics() {
    List<Metric> metrics = new ArrayList<>();
    long degraded = slots.values().stream().filter(slot -> slot.problem() != null).count();
    metrics.add(Metric.gauge("rules_count", slots.size()));
    metrics.add(Metric.gauge("rules_degraded_count", (double) degraded));
    metrics.add(
        new Metric(
            "rules_ingest_without_rule_total", Metric.Kind.COUNTER, unclaimed.sum(), Map.of()));
    slots.entrySet().stream()
        .sorted(Map.Entry.comparingByKey(java.util.Comparator.comparing(RuleKey::name)))
        .limit(MAX_METRIC_RULES)
        .forEach(slot -> metrics.addAll(metrics(slot.getKey().name(), slot.getValue())));
    return metrics;
  }

  private static List<Metric> metrics(String rule, Slot slot) {
    List<Metric> metrics = new ArrayList<>(slot.counters().metrics(rule));
    metrics.add(
        new Metric(
            "rules_actions_queued_count",
            Metric.Kind.GAUGE,
            slot.lanes().waiting(),
            Map.of("rule", rule)));
    return metrics;
  }
}
