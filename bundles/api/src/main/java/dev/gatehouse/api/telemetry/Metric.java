package dev.gatehouse.api.telemetry;

import java.util.Map;

/**
 * One value.
 *
 * @param name in lower case with underscores and its unit, such as {@code
 *     broker_messages_dropped_total}
 * @param labels few and with few values: never client ids or topics
 */
public record Metric(String name, Kind kind, double value, Map<String, String> labels) {

  /** Copies the labels. */
  public Metric {
    labels = Map.copyOf(labels);
  }

  /** Something that only grows until a restart. */
  public static Metric counter(String name, double value) {
    return new Metric(name, Kind.COUNTER, value, Map.of());
  }

  /** Something that goes up and down. */
  public static Metric gauge(String name, double value) {
    return new Metric(name, Kind.GAUGE, value, Map.of());
  }

  /** How a value moves. */
  public enum Kind {
    COUNTER,
    GAUGE
  }
}
