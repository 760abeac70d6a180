package dev.gatehouse.mqtt;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/**
 * Settings of the MQTT edge. A change of where it listens restarts it; all others count at once and
 * leave connections alone. A limit of -1 is the profile's.
 */
@ObjectClassDefinition(name = "Gatehouse MQTT")
@interface MqttConfig {

  @AttributeDefinition(
      description = "Port of MQTT over mutual TLS, 1 to 65535; 0: off. Default 8883.",
      min = "0",
      max = "65535")
  int port() default 8883;

  @AttributeDefinition(
      description = "Port of plaintext MQTT, on loopback only, 1 to 65535; 0: off. Default 0.",
      min = "0",
      max = "65535")
  int plaintextPort() default 0;

  @AttributeDefinition(description = "Address to listen on with TLS. Default empty: all.")
  String host() default "";

  @AttributeDefinition(
      description =
          "Kilobytes of a packet, 1 to 262143; at least as many as a payload and a topic of their"
              + " bounds take. Default -1: 128 more than a payload of its bound takes.",
      min = "-1",
      max = "262143")
  int maxPacketKilobytes() default -1;

  @AttributeDefinition(
      description = "Connections at a time, 1 to 1000000. Default 20000.",
      min = "1",
      max = "1000000")
  int maxConnections() default 20_000;

  @AttributeDefinition(
      description =
          "full: all of MQTT. aws-iot-2016: what the AWS IoT guide of 2016 leaves out or limits."
              + " Default full.",
      options = {
        @Option(label = "full", value = "full"),
        @Option(label = "aws-iot-2016", value = "aws-iot-2016")
      })
  String profile() default "full";

  @AttributeDefinition(
      description =
          "Messages of a client that are not acknowledged, 1 to 65535. Both profiles: 100.",
      min = "-1",
      max = "65535")
  int receiveMaximum() default -1;

  @AttributeDefinition(
      description =
          "Messages to a client that it has not acknowledged, 1 to 65535. full: 1000, aws-iot-2016:"
              + " 100.",
      min = "-1",
      max = "65535")
  int sendMaximum() default -1;

  @AttributeDefinition(
      description = "Bytes of a client id, 23 to 65535. full: 65535, aws-iot-2016: 128.",
      min = "-1",
      max = "65535")
  int maxClientIdBytes() default -1;

  @AttributeDefinition(
      description = "Bytes of a topic or topic filter, 1 to 65535. full: 65535, aws-iot-2016: 256.",
      min = "-1",
      max = "65535")
  int maxTopicBytes() default -1;

  @AttributeDefinition(
      description = "Slashes in a topic or topic filter, 0 to 65535. full: 1000, aws-iot-2016: 8.",
      min = "-1",
      max = "65535")
  int maxTopicSlashes() default -1;

  @AttributeDefinition(
      description = "Bytes of a payload, 1 to 268435455. full: 1048576, aws-iot-2016: 131072.",
      min = "-1",
      max = "268435455")
  int maxPayloadBytes() default -1;

  @AttributeDefinition(
      description = "Topic filters of a SUBSCRIBE, 1 to 65535. full: 1000, aws-iot-2016: 8.",
      min = "-1",
      max = "65535")
  int maxSubscribeFilters() default -1;

  @AttributeDefinition(
      description =
          "Bytes a second from a client, and to it; 0: no limit. full: 0, aws-iot-2016: 524288.",
      min = "-1",
      max = "2147483647")
  int bytesPerSecond() default -1;

  @AttributeDefinition(
      description = "Topic aliases that a client may use, 0 to 65535. Default 16.",
      min = "0",
      max = "65535")
  int topicAliasMaximum() default 16;

  @AttributeDefinition(
      description =
          "Seconds of the shortest keep-alive; a shorter one counts as this, 0 to 65535. full: 0,"
              + " aws-iot-2016: 5.",
      min = "-1",
      max = "65535")
  int minKeepAliveSeconds() default -1;

  @AttributeDefinition(
      description =
          "Seconds of the longest keep-alive, for MQTT 5 clients without or with a longer one, by"
              + " aws-iot-2016 for all, 5 to 65535. Both profiles: 1200.",
      min = "-1",
      max = "65535")
  int maxKeepAliveSeconds() default -1;

  @AttributeDefinition(
      description =
          "Seconds that a WebSocket connection lasts, 0: no limit. full: 0, aws-iot-2016: 86400.",
      min = "-1",
      max = "2147483647")
  int webSocketSeconds() default -1;

  @AttributeDefinition(
      description = "Seconds for the TLS handshake, and for CONNECT after it, 1 to 60. Default 5.",
      min = "1",
      max = "60")
  int connectSeconds() default 5;

  @AttributeDefinition(
      description =
          "Connections a second from one address (IPv6: one /64), with 20 seconds' worth at once;"
              + " more are closed, 0: no limit, 0 to 1000000. Default 1000.",
      min = "0",
      max = "1000000")
  int addressConnects() default 1_000;

  @AttributeDefinition(
      description =
          "Whether clients with a certificate, or with none, may subscribe to $SYS if their"
              + " policies say so; who signs with an access key may. Default false.")
  boolean statusForDevices() default false;

  @AttributeDefinition(
      description =
          "Kilobytes of QoS 1 and 2 messages of all clients that are not stored yet; beyond, who"
              + " sends more of them is not read, 64 to 10000000. Default -1: the memory"
              + " share mqtt.inbound, which bounds it in any case.",
      min = "-1",
      max = "10000000")
  int unansweredKilobytes() default -1;

  @AttributeDefinition(
      description = "Event loops, 0 to 64; 0: one for two processors, at most 4. Default 0.",
      min = "0",
      max = "64")
  int eventLoops() default 0;
}
