package dev.gatehouse.mqtt;

/** {@link MqttConfig}, validated. A port of -1 takes a free one, for tests. */
record MqttSettings(
    int port,
    int plaintextPort,
    String host,
    int maxPacketBytes,
    int maxConnections,
    int receiveMaximum,
    int topicAliasMaximum,
    int maxKeepAliveSeconds,
    int connectSeconds,
    int eventLoops) {

  static MqttSettings of(MqttConfig config) {
    int loops = within("eventLoops", config.eventLoops(), 0, 64);
    return new MqttSettings(
        within("port", config.port(), 0, 65_535),
        within("plaintextPort", config.plaintextPort(), 0, 65_535),
        config.host().trim(),
        within("maxPacketKilobytes", config.maxPacketKilobytes(), 1, 262_143) << 10,
        within("maxConnections", config.maxConnections(), 1, 1_000_000),
        within("receiveMaximum", config.receiveMaximum(), 1, 65_535),
        within("topicAliasMaximum", config.topicAliasMaximum(), 0, 65_535),
        within("maxKeepAliveSeconds", config.maxKeepAliveSeconds(), 5, 65_535),
        within("connectSeconds", config.connectSeconds(), 1, 60),
        loops == 0 ? Math.min(4, Runtime.getRuntime().availableProcessors()) : loops);
  }

  private static int within(String name, int value, int lowest, int highest) {
    if (value < lowest || value > highest) {
      throw new IllegalArgumentException(
          "dev.gatehouse.mqtt: %s is %d, not %d to %d".formatted(name, value, lowest, highest));
    }
    return value;
  }
}
