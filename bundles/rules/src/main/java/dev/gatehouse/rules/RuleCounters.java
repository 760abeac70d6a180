package dev.gatehouse.rules;

import dev.gatehouse.api.telemetry.Metric;
import dev.gatehouse.rules.delivery.DeliveryCounters;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What one rule did since it was made or the engine started. */
final class RuleCounters {
  final LongAdder matched = new LongAdder();
  final LongAdder passed = new LongAdder();
  final DeliveryCounters delivery = new DeliveryCounters();
  final LongAdder failed = new LongAdder();
  final LongAdder errorActionsFailed = new LongAdder();

  List<Metric> metrics(String rule) {
    Map<String, String> labels = Map.of("rule", rule);
    return List.of(
        counter("rules_messages_matched_total", matched, labels),
        counter("rules_messages_passed_total", passed, labels),
        counter("rules_actions_succeeded_total", delivery.delivered, labels),
        counter("rules_actions_kept_total", delivery.kept, labels),
        counter("rules_actions_retried_total", delivery.retried, labels),
        counter("rules_actions_dropped_total", delivery.dropped, labels),
        counter("rules_actions_failed_total", failed, labels),
        counter("rules_error_actions_failed_total", errorActionsFailed, labels));
  }

  private static Metric counter(String name, LongAdder value, Map<String, String> labels) {
    return new Metric(name, Metric.Kind.COUNTER, value.sum(), labels);
  }
}
