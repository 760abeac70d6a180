package dev.gatehouse.mqtt;

/** Where {@link MqttConfig} says to listen, validated. A port of -1 takes a free one, for tests. */
record MqttSettings(int port, int plaintextPort, String host, int eventLoops) {

  static MqttSettings of(MqttConfig config) {
    // a message between two loops wakes a thread; half the processors are left to everything else
    int processors = Runtime.getRuntime().availableProcessors();
    int loops = within("eventLoops", config.eventLoops(), 0, 64);
    return new MqttSettings(
        within("port", config.port(), 0, 65_535),
        within("plaintextPort", config.plaintextPort(), 0, 65_535),
        config.host().trim(),
        loops == 0 ? Math.max(1, Math.min(4, processors / 2)) : loops);
  }

  static int within(String name, int value, int lowest, int highest) {
    if (value < lowest || value > highest) {
      throw new IllegalArgumentException(
          "dev.gatehouse.mqtt: %s is %d, not %d to %d".formatted(name, value, lowest, highest));
    }
    return value;
  }
}
