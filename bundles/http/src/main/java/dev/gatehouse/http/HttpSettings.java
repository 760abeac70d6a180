package dev.gatehouse.http;

import dev.gatehouse.edge.Descriptors;

/** {@link HttpConfig}, validated; port 0 takes a free one, for tests. */
record HttpSettings(
    int port,
    String host,
    String endpointHost,
    int maxBodyBytes,
    int maxConnections,
    int addressConnects,
    int requestSeconds,
    int workers,
    Limits limits) {

  static HttpSettings of(HttpConfig config, Descriptors descriptors) {
    return new HttpSettings(
        within("port", config.port(), 1, 65_535),
        config.host().trim(),
        config.endpointHost().trim(),
        within("maxBodyKilobytes", config.maxBodyKilobytes(), 1, 65_536) << 10,
        descriptors.calls(within("maxConnections", config.maxConnections(), 1, 100_000)),
        within("addressConnects", config.addressConnects(), 0, 1_000_000),
        within("requestSeconds", config.requestSeconds(), 1, 3600),
        within("workers", config.workers(), 1, 64),
        Limits.of(
            within("throttleFactor", config.throttleFactor(), 0, 1000), config.throttleRates()));
  }

  private static int within(String name, int value, int lowest, int highest) {
    if (value < lowest || value > highest) {
      throw new IllegalArgumentException(
          "dev.gatehouse.http: %s is %d, not %d to %d".formatted(name, value, lowest, highest));
    }
    return value;
  }
}
