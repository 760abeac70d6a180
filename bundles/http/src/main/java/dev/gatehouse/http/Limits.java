package dev.gatehouse.http;

import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.IotServices;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Calls a second that one account may make of each operation: what is configured, else the guide's
 * table (Throttling Limits), else what the operation itself says.
 */
final class Limits {
  private static final int HIGHEST = 1_000_000;
  private static final Map<String, Long> GUIDE = read(); // by service and operation
  private static final Set<String> CONFIGURABLE =
      Set.of(IotServices.IOT.id(), IotServices.IOT_DATA.id());

  private final int factor;
  private final Map<String, Integer> configured;

  private Limits(int factor, Map<String, Integer> configured) {
    this.factor = factor;
    this.configured = Map.copyOf(configured);
  }

  /**
   * Limits of a configuration.
   *
   * @param factor on every limit that is not configured; 0: none are limited but those
   * @param rates {@code Operation=calls} separated by commas; 0: no limit
   * @throws IllegalArgumentException if a rate has another form or names what AWS does not have
   */
  static Limits of(int factor, String rates) {
    Map<String, Integer> configured = new HashMap<>();
    for (String rate : rates.split(",", -1)) {
      if (rate.isBlank() && rates.isBlank()) {
        break;
      }
      String[] parts = rate.trim().split("\\s*=\\s*", -1);
      if (parts.length != 2 || !parts[1].matches("\\d{1,7}")) {
        throw new IllegalArgumentException(
            "dev.gatehouse.http: throttleRates has '" + rate.trim() + "', not Operation=calls");
      }
      int calls = Integer.parseInt(parts[1]);
      if (calls > HIGHEST) {
        throw new IllegalArgumentException(
            "dev.gatehouse.http: throttleRates has %s, which is more than %d"
                .formatted(rate.trim(), HIGHEST));
      }
      if (!AwsOperations.names().contains(parts[0])) {
        throw new IllegalArgumentException(
            "dev.gatehouse.http: throttleRates names '" + parts[0] + "', which AWS IoT has not");
      }
      if (configured.put(parts[0], calls) != null) {
        throw new IllegalArgumentException(
            "dev.gatehouse.http: throttleRates names " + parts[0] + " twice");
      }
    }
    return new Limits(factor, configured);
  }

  /** Calls a second; 0: no limit. Other services have operations of the same names. */
  long perSecond(ApiOperation operation) {
    String name = operation.name();
    long own = operation.perSecond();
    String service = operation.service().id();
    if (!CONFIGURABLE.contains(service)) {
      return own * factor;
    }
    return configured(name, GUIDE.getOrDefault(service + " " + name, own));
  }

  private long configured(String name, long usual) {
    Integer rate = configured.get(name);
    return rate == null ? usual * factor : rate;
  }

  private static Map<String, Long> read() {
    Map<String, Long> limits = new HashMap<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(Limits.class.getResourceAsStream("limits.txt")),
                StandardCharsets.US_ASCII))) {
      lines
          .lines()
          .map(line -> line.split(" "))
          .forEach(
              parts -> limits.put(IotServices.IOT.id() + " " + parts[0], Long.valueOf(parts[1])));
    } catch (IOException e) {
      throw new UncheckedIOException("limits.txt cannot be read", e);
    }
    return Map.copyOf(limits);
  }
}
