package dev.gatehouse.mqtt;

import dev.gatehouse.api.message.Message;
import dev.gatehouse.edge.Descriptors;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What one client may do. A change counts from the next packet on, for connected clients too; what
 * a CONNACK said stays as it was said.
 *
 * @param guide whether the deviations of the guide hold (Message Broker, "MQTT"): QoS 2 is not
 *     answered, RETAIN and sessions that are to be kept end the connection
 * @param clientIdBytes of UTF-8
 * @param topicBytes of a topic or a topic filter, of UTF-8
 * @param topicSlashes of a topic or a topic filter
 * @param packetBytes of a packet
 * @param payloadBytes of a PUBLISH
 * @param receiveMaximum unacknowledged messages from a client
 * @param sendMaximum unacknowledged messages to a client, if it does not want fewer
 * @param subscribeFilters topic filters of one SUBSCRIBE
 * @param topicAliases of a client
 * @param minKeepAliveSeconds a shorter keep-alive counts as this
 * @param maxKeepAliveSeconds a longer keep-alive, or none, counts as this: with MQTT 5, whose
 *     clients are told, and by the guide
 * @param bytesPerSecond from a client and to a client, 0: as many as there are
 * @param connections of all clients
 * @param connectSeconds for the TLS handshake, and for CONNECT after it
 * @param webSocketSeconds that a WebSocket connection lasts, 0: for ever
 * @param addressConnects connections a second from one address, 0: as many as there are
 * @param statusForDevices whether devices may subscribe to {@code $SYS}, if their policies say so
 * @param unansweredBytes of QoS 1 and 2 messages of all clients that wait for the broker
 */
record MqttLimits(
    boolean guide,
    int clientIdBytes,
    int topicBytes,
    int topicSlashes,
    int packetBytes,
    int payloadBytes,
    int receiveMaximum,
    int sendMaximum,
    int subscribeFilters,
    int topicAliases,
    int minKeepAliveSeconds,
    int maxKeepAliveSeconds,
    int bytesPerSecond,
    int connections,
    int connectSeconds,
    int webSocketSeconds,
    int addressConnects,
    boolean statusForDevices,
    long unansweredBytes) {

  /** For all of a PUBLISH but its payload: the topic, and properties of about its size. */
  private static final int ROOM = 128 << 10;

  private static final int LONGEST_PACKET = 268_435_455; // (MQTT 5.0, 2.1.4)

  /** What stands in a PUBLISH with an alias and a message expiry beside its topic and payload. */
  private static final int FIELDS = 32;

  /** As much as the memory share has, which is less. */
  private static final long BY_BUDGET = 10_000_000L << 10;

  /** All of MQTT, with bounds that no honest client meets. */
  static final MqttLimits FULL =
      new MqttLimits(
          false,
          65_535,
          65_535,
          1_000,
          (1 << 20) + ROOM,
          1 << 20,
          100,
          1_000,
          1_000,
          16,
          0,
          1_200,
          0,
          20_000,
          5,
          0,
          1_000,
          false,
          BY_BUDGET);

  /** The guide's ("AWS IoT Limits", Message Broker Limits). */
  static final MqttLimits GUIDE =
      new MqttLimits(
          true,
          128,
          256,
          8,
          (128 << 10) + ROOM,
          128 << 10,
          100,
          100,
          8,
          16,
          5,
          1_200,
          512 << 10,
          20_000,
          5,
          86_400,
          1_000,
          false,
          BY_BUDGET);

  static MqttLimits of(MqttConfig config, Descriptors descriptors) {
    MqttLimits base =
        switch (config.profile()) {
          case "full" -> FULL;
          case "aws-iot-2016" -> GUIDE;
          default ->
              throw new IllegalArgumentException(
                  "dev.gatehouse.mqtt: profile is '%s', not full or aws-iot-2016"
                      .formatted(config.profile()));
        };
    int topicBytes = chosen("maxTopicBytes", config.maxTopicBytes(), base.topicBytes, 1, 65_535);
    int payloadBytes =
        chosen("maxPayloadBytes", config.maxPayloadBytes(), base.payloadBytes, 1, LONGEST_PACKET);
    return new MqttLimits(
        base.guide,
        chosen("maxClientIdBytes", config.maxClientIdBytes(), base.clientIdBytes, 23, 65_535),
        topicBytes,
        chosen("maxTopicSlashes", config.maxTopicSlashes(), base.topicSlashes, 0, 65_535),
        packetBytes(config.maxPacketKilobytes(), payloadBytes, topicBytes),
        payloadBytes,
        chosen("receiveMaximum", config.receiveMaximum(), base.receiveMaximum, 1, 65_535),
        chosen("sendMaximum", config.sendMaximum(), base.sendMaximum, 1, 65_535),
        chosen(
            "maxSubscribeFilters", config.maxSubscribeFilters(), base.subscribeFilters, 1, 65_535),
        MqttSettings.within("topicAliasMaximum", config.topicAliasMaximum(), 0, 65_535),
        chosen(
            "minKeepAliveSeconds",
            config.minKeepAliveSeconds(),
            base.minKeepAliveSeconds,
            0,
            65_535),
        chosen(
            "maxKeepAliveSeconds",
            config.maxKeepAliveSeconds(),
            base.maxKeepAliveSeconds,
            5,
            65_535),
        chosen(
            "bytesPerSecond", config.bytesPerSecond(), base.bytesPerSecond, 0, Integer.MAX_VALUE),
        descriptors.devices(
            MqttSettings.within("maxConnections", config.maxConnections(), 1, 1_000_000)),
        MqttSettings.within("connectSeconds", config.connectSeconds(), 1, 60),
        chosen(
            "webSocketSeconds",
            config.webSocketSeconds(),
            base.webSocketSeconds,
            0,
            Integer.MAX_VALUE),
        MqttSettings.within("addressConnects", config.addressConnects(), 0, 1_000_000),
        config.statusForDevices(),
        config.unansweredKilobytes() == -1
            ? base.unansweredBytes
            : MqttSettings.within(
                    "unansweredKilobytes", config.unansweredKilobytes(), 64, 10_000_000)
                * 1024L);
  }

  /** A bound on packets that the other two bounds would never reach makes them untrue. */
  private static int packetBytes(int kilobytes, int payloadBytes, int topicBytes) {
    long bytes =
        kilobytes == -1
            ? Math.min(LONGEST_PACKET, (long) payloadBytes + ROOM)
            : (long) MqttSettings.within("maxPacketKilobytes", kilobytes, 1, 262_143) << 10;
    long least = (long) payloadBytes + topicBytes + FIELDS;
    if (bytes < least) {
      throw new IllegalArgumentException(
          "dev.gatehouse.mqtt: maxPacketKilobytes is %d, too few for maxPayloadBytes %d and maxTopicBytes %d; at least %d, and at most 262143"
              .formatted(kilobytes, payloadBytes, topicBytes, (least + 1023) / 1024));
    }
    return (int) bytes;
  }

  /** The profile's for -1. */
  private static int chosen(String name, int value, int profile, int lowest, int highest) {
    return value == -1 ? profile : MqttSettings.within(name, value, lowest, highest);
  }

  /** What is wrong with a message from another edge than this one; null if nothing is. */
  @Nullable String fault(Message message) {
    int bytes = message.payload().length();
    if (bytes > payloadBytes) {
      return "a payload of %d bytes, at most %d are taken".formatted(bytes, payloadBytes);
    }
    if (guide && message.retain()) {
      return "the profile aws-iot-2016 does not retain messages";
    }
    return fault("topic", message.topic().value());
  }

  /** What is wrong with a topic or topic filter; null if nothing is. */
  @Nullable String fault(String what, String value) {
    if (guide && value.startsWith("$") && !value.startsWith("$aws/")) {
      return "a %s that begins with $ and not with $aws/".formatted(what);
    }
    if (value.length() > topicBytes / 4) {
      int bytes = value.getBytes(StandardCharsets.UTF_8).length;
      if (bytes > topicBytes) {
        return "a %s of %d bytes, at most %d are taken".formatted(what, bytes, topicBytes);
      }
    }
    int slashes = 0;
    for (int i = value.indexOf('/'); i >= 0; i = value.indexOf('/', i + 1)) {
      slashes++;
    }
    return slashes <= topicSlashes
        ? null
        : "a %s with %d slashes, at most %d are taken".formatted(what, slashes, topicSlashes);
  }
}
