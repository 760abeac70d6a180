package dev.gatehouse.mqtt;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the MQTT edge. A change restarts it. */
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
      description = "Kilobytes of a packet, 1 to 262143. Default 1024.",
      min = "1",
      max = "262143")
  int maxPacketKilobytes() default 1024;

  @AttributeDefinition(
      description = "Connections at a time, 1 to 1000000. Default 20000.",
      min = "1",
      max = "1000000")
  int maxConnections() default 20_000;

  @AttributeDefinition(
      description =
          "QoS 1 and 2 messages of a client under way to the broker, 1 to 65535. Default 100.",
      min = "1",
      max = "65535")
  int receiveMaximum() default 100;

  @AttributeDefinition(
      description = "Topic aliases that a client may use, 0 to 65535. Default 16.",
      min = "0",
      max = "65535")
  int topicAliasMaximum() default 16;

  @AttributeDefinition(
      description =
          "Seconds of the longest keep-alive, which MQTT 5 clients without or with a longer one are"
              + " given, 5 to 65535. Default 1200.",
      min = "5",
      max = "65535")
  int maxKeepAliveSeconds() default 1200;

  @AttributeDefinition(
      description = "Seconds for the TLS handshake, and for CONNECT after it, 1 to 60. Default 5.",
      min = "1",
      max = "60")
  int connectSeconds() default 5;

  @AttributeDefinition(
      description = "Event loops, 0 to 64; 0: one a processor, at most 4. Default 0.",
      min = "0",
      max = "64")
  int eventLoops() default 0;
}
