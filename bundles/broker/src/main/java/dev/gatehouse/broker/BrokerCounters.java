package dev.gatehouse.broker;

import dev.gatehouse.api.telemetry.Metric;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What the broker counts. */
final class BrokerCounters {
  private final LongAdder published = new LongAdder();
  private final LongAdder delivered = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final LongAdder overflows = new LongAdder();
  private final LongAdder failures = new LongAdder();

  void messagePublished() {
    published.increment();
  }

  void messageDelivered() {
    delivered.increment();
  }

  void messageDropped() {
    dropped.increment();
  }

  void mailboxOverflow() {
    overflows.increment();
  }

  void handlerFailed() {
    failures.increment();
  }

  List<Metric> metrics(int sessions, int connected, int retained) {
    return List.of(
        Metric.counter("broker_messages_published_total", published.sum()),
        Metric.counter("broker_messages_delivered_total", delivered.sum()),
        Metric.counter("broker_messages_dropped_total", dropped.sum()),
        Metric.counter("broker_mailbox_overflows_total", overflows.sum()),
        Metric.counter("broker_handler_failures_total", failures.sum()),
        Metric.gauge("broker_sessions", sessions),
        Metric.gauge("broker_connections", connected),
        Metric.gauge("broker_retained_messages", retained));
  }
}
