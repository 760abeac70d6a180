package dev.gatehouse.itests;

/** What a test asks of an MQTT client, whoever wrote it. Each call returns when it is answered. */
interface RealClient extends AutoCloseable {

  /** A message that came. */
  record Got(String topic, String payload, int qos, boolean retained) {}

  /** Returns whether the session was there. */
  boolean connect();

  void subscribe(String filter, int qos);

  void publish(String topic, String payload, int qos, boolean retain);

  /** The next message, within 20 seconds. */
  Got next();

  /** Says goodbye. */
  @Override
  void close();

  /** How clients are made. */
  interface Maker {
    /** With a will, if its topic is not empty; a kept session if it is to be kept. */
    RealClient make(String uri, String clientId, boolean kept, String willTopic);
  }
}
