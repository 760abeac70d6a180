package dev.gatehouse.broker;

import dev.gatehouse.api.telemetry.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What the broker counts since its start. */
@SuppressWarnings("EnumOrdinal") // the index of a counter, nothing outside of this class
final class Counters {
  final LongAdder received = new LongAdder();
  final LongAdder delivered = new LongAdder();
  final LongAdder storeFailures = new LongAdder();
  final LongAdder handlerFailures = new LongAdder();
  private final LongAdder[] dropped = new LongAdder[Drop.values().length];

  /** Why a message did not reach a subscriber. */
  enum Drop {
    /** QoS 0 for a connection that takes no more now. */
    BUSY,
    /** QoS 0 for a session that is not connected. */
    OFFLINE,
    /** The session's queue is full. */
    QUEUE_FULL,
    /** The message's expiry passed. */
    EXPIRED,
    /** The edge said that the client may not receive it, or failed. */
    REFUSED,
    /** An internal subscriber's mailbox is full. */
    MAILBOX_FULL,
    /** A stored message could not be read. */
    UNREADABLE
  }

  Counters() {
    Arrays.setAll(dropped, i -> new LongAdder());
  }

  void drop(Drop reason) {
    dropped[reason.ordinal()].increment();
  }

  long dropped(Drop reason) {
    return dropped[reason.ordinal()].sum();
  }

  List<Metric> metrics() {
    List<Metric> metrics = new ArrayList<>();
    metrics.add(counter("broker_messages_received_total", received));
    metrics.add(counter("broker_messages_delivered_total", delivered));
    metrics.add(counter("broker_store_failures_total", storeFailures));
    metrics.add(counter("broker_handler_failures_total", handlerFailures));
    for (Drop reason : Drop.values()) {
      metrics.add(
          new Metric(
              "broker_messages_dropped_total",
              Metric.Kind.COUNTER,
              (double) dropped(reason),
              Map.of("reason", reason.name().toLowerCase(Locale.ROOT))));
    }
    return metrics;
  }

  private static Metric counter(String name, LongAdder count) {
    return Metric.counter(name, (double) count.sum());
  }
}
