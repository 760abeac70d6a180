package dev.gatehouse.mqtt;

import dev.gatehouse.api.telemetry.Metric;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What the edge counts. */
final class MqttCounters {
  private final LongAdder connects = new LongAdder();
  private final LongAdder refusals = new LongAdder();
  private final LongAdder turnedAway = new LongAdder();
  private final LongAdder protocolErrors = new LongAdder();
  private final LongAdder denials = new LongAdder();
  private final LongAdder failures = new LongAdder();

  void connected() {
    connects.increment();
  }

  void refused() {
    refusals.increment();
  }

  /** Closed at once: too many, or too many a second from its address. */
  void turnedAway() {
    turnedAway.increment();
  }

  void protocolError() {
    protocolErrors.increment();
  }

  /** The edge itself did wrong. */
  void failed() {
    failures.increment();
  }

  long failures() {
    return failures.sum();
  }

  void denied() {
    denials.increment();
  }

  List<Metric> metrics(int connections, long unansweredBytes) {
    return List.of(
        Metric.counter("mqtt_connects_total", connects.sum()),
        Metric.counter("mqtt_connects_refused_total", refusals.sum()),
        Metric.counter("mqtt_connections_turned_away_total", turnedAway.sum()),
        Metric.counter("mqtt_protocol_errors_total", protocolErrors.sum()),
        Metric.counter("mqtt_denied_total", denials.sum()),
        Metric.counter("mqtt_failures_total", failures.sum()),
        Metric.gauge("mqtt_connections", connections),
        Metric.gauge("mqtt_unanswered_bytes", unansweredBytes));
  }
}
