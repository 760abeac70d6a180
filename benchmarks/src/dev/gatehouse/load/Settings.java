package dev.gatehouse.load;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What a run does, from {@code name=value} arguments.
 *
 * @param mode exchange, offline, shadow or idle
 * @param layout shared: one topic for all; fanin: a topic a publisher, subscribers use a wildcard;
 *     pairs: publisher i to subscriber i
 * @param size bytes of a payload, at least {@link Payload#LENGTH}
 * @param window unacknowledged messages of a publisher (QoS 1 and 2)
 * @param under published and not yet delivered messages of all publishers; 0: no limit
 * @param rate messages a second of all publishers, sent when due; 0: as fast as window and under
 *     allow
 * @param count messages of a cycle (offline), shadows (shadow)
 * @param cycles measured cycles, after one of warming up (offline)
 * @param connections idle connections (idle)
 * @param tls null: plaintext
 */
record Settings(
    int port,
    String mode,
    String layout,
    int publishers,
    int subscribers,
    int qos,
    int size,
    int window,
    long under,
    double rate,
    double warmSeconds,
    double seconds,
    int count,
    int cycles,
    int connections,
    Tls tls) {

  Settings {
    if (size < Payload.LENGTH || size > 32_768) {
      throw new IllegalArgumentException("size=" + size + ", not " + Payload.LENGTH + " to 32768");
    }
    if (window < 1 || window > 1_000) {
      throw new IllegalArgumentException("window=" + window + ", not 1 to 1000");
    }
    if (layout.equals("pairs") && publishers != subscribers) {
      throw new IllegalArgumentException("pairs of " + publishers + " and " + subscribers);
    }
    if (rate > 0 && qos == 2) {
      throw new IllegalArgumentException("rate= is for QoS 0 and 1");
    }
  }

  static Settings of(String[] arguments) throws IOException {
    Map<String, String> given = new HashMap<>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("'" + argument + "' is not name=value");
      }
      given.put(argument.substring(0, equals), argument.substring(equals + 1));
    }
    Settings settings =
        new Settings(
            (int) number(given, "port", 1883),
            text(given, "mode", "exchange"),
            text(given, "layout", "pairs"),
            (int) number(given, "publishers", 1),
            (int) number(given, "subscribers", 1),
            (int) number(given, "qos", 0),
            (int) number(given, "size", 64),
            (int) number(given, "window", 20),
            (long) number(given, "under", 0),
            number(given, "rate", 0),
            number(given, "warm", 1),
            number(given, "seconds", 3),
            (int) number(given, "count", 20_000),
            (int) number(given, "cycles", 2),
            (int) number(given, "connections", 5_000),
            tls(text(given, "store", ""), text(given, "ca", "")));
    if (!given.isEmpty()) {
      throw new IllegalArgumentException("unknown: " + given.keySet());
    }
    return settings;
  }

  private static Tls tls(String store, String ca) throws IOException {
    return store.isEmpty() ? null : new Tls(Path.of(store), Path.of(ca));
  }

  private static double number(Map<String, String> given, String name, double otherwise) {
    String value = given.remove(name);
    return value == null ? otherwise : Double.parseDouble(value);
  }

  private static String text(Map<String, String> given, String name, String otherwise) {
    String value = given.remove(name);
    return value == null ? otherwise : value;
  }

  /** Deliveries that each message brings. */
  int deliveries() {
    return layout.equals("pairs") ? 1 : subscribers;
  }
}
