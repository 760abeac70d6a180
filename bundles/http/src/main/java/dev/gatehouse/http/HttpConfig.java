package dev.gatehouse.http;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the HTTPS edge. A change restarts it. */
@ObjectClassDefinition(name = "Gatehouse HTTPS")
@interface HttpConfig {

  @AttributeDefinition(description = "Port, 1 to 65535. Default 8443.", min = "1", max = "65535")
  int port() default 8443;

  @AttributeDefinition(description = "Address to listen on. Default 0.0.0.0 and ::, all.")
  String host() default "";

  @AttributeDefinition(
      description =
          "Host name that DescribeEndpoint tells. Default localhost. The port is added unless 443.")
  String endpointHost() default "localhost";

  @AttributeDefinition(
      description = "Kilobytes of a body, 1 to 65536. Default 1024.",
      min = "1",
      max = "65536")
  int maxBodyKilobytes() default 1024;

  @AttributeDefinition(
      description =
          "Connections at a time, 1 to 100000; beyond, the one at rest that is missed least is"
              + " closed. Default 2000.",
      min = "1",
      max = "100000")
  int maxConnections() default 2000;

  @AttributeDefinition(
      description =
          "Connections a second from one address (IPv6: one /64), with 20 seconds' worth at once;"
              + " more are closed, loopback excepted, 0: no limit, 0 to 1000000. Default 200.",
      min = "0",
      max = "1000000")
  int addressConnects() default 200;

  @AttributeDefinition(
      description = "Seconds in which a request must have arrived whole, 1 to 3600. Default 30.",
      min = "1",
      max = "3600")
  int requestSeconds() default 30;

  @AttributeDefinition(
      description = "Threads that handle calls, 1 to 64. Default 4.",
      min = "1",
      max = "64")
  int workers() default 4;

  @AttributeDefinition(
      description =
          "Factor on every operation's calls a second, 0 to 1000; 0: no limit. Default 1.",
      min = "0",
      max = "1000")
  int throttleFactor() default 1;

  @AttributeDefinition(
      description =
          "Calls a second of single operations, such as CreateThing=100,ListThings=0, without the"
              + " factor; 0: no limit. Default none.")
  String throttleRates() default "";
}
