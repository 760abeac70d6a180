package dev.gatehouse.broker;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/**
 * Configuration of the broker. A change counts at once and leaves connections alone, but for {@code
 * mailboxThreads} and {@code cachedTopics}, which count from the next start.
 */
@ObjectClassDefinition(name = "Gatehouse broker", description = "Topics, sessions and queues")
@interface BrokerConfig {
  @AttributeDefinition(
      description = "Sessions, connected or kept; a CONNECT beyond is refused, 1 to 10000000",
      min = "1",
      max = "10000000")
  int maxSessions() default 100_000;

  @AttributeDefinition(
      description =
          "full: all of MQTT. aws-iot-2016: what the AWS IoT guide of 2016 leaves out or limits",
      options = {
        @Option(label = "full", value = "full"),
        @Option(label = "aws-iot-2016", value = "aws-iot-2016")
      })
  String profile() default "full";

  @AttributeDefinition(
      description =
          "Subscriptions of one session; a SUBSCRIBE beyond is refused, 1 to 1000000; -1: the"
              + " profile's, full 10000, aws-iot-2016 50",
      min = "-1",
      max = "1000000")
  int maxSubscriptionsPerSession() default -1;

  @AttributeDefinition(
      description =
          "Seconds after which a QoS 1 message that is not acknowledged is dropped, 0 (never) to"
              + " 31536000; -1: the profile's, full 0, aws-iot-2016 3600",
      min = "-1",
      max = "31536000")
  int retrySeconds() default -1;

  @AttributeDefinition(
      description = "Messages queued for one persistent session; newer are dropped, 1 to 10000000",
      min = "1",
      max = "10000000")
  int queueMessages() default 10_000;

  @AttributeDefinition(
      description = "Size of what is queued for one persistent session, kB, 1 to 10000000",
      min = "1",
      max = "10000000")
  int queueKilobytes() default 16_384;

  @AttributeDefinition(
      description =
          "Messages in memory for one session: all that a clean one queues, what a persistent one"
              + " reads ahead, 1 to 1000000",
      min = "1",
      max = "1000000")
  int bufferMessages() default 1_000;

  @AttributeDefinition(
      description = "Size of what is in memory for one session, kB, 1 to 1000000",
      min = "1",
      max = "1000000")
  int bufferKilobytes() default 512;

  @AttributeDefinition(
      description =
          "Size of what is in memory for all sessions together, up to which one may have more than"
              + " bufferMessages and bufferKilobytes, kB, 0 to 10000000; -1: half of"
              + " memoryKilobytes",
      min = "-1",
      max = "10000000")
  int sharedBufferKilobytes() default -1;

  @AttributeDefinition(
      description =
          "Size of what is in memory for all sessions together, beyond which one may have 2 kB"
              + " only, kB, 64 to 10000000; -1: the memory share broker.messages, which bounds it"
              + " in any case",
      min = "-1",
      max = "10000000")
  int memoryKilobytes() default -1;

  @AttributeDefinition(
      description = "Retained messages of all accounts; more are refused, 0 to 10000000",
      min = "0",
      max = "10000000")
  int maxRetainedMessages() default 100_000;

  @AttributeDefinition(
      description =
          "Size of the retained messages in memory, kB, 0 to 10000000; -1: the memory share"
              + " broker.retained, which bounds it in any case",
      min = "-1",
      max = "10000000")
  int retainedKilobytes() default -1;

  @AttributeDefinition(
      description = "Threads that run internal subscribers, 1 to 64",
      min = "1",
      max = "64")
  int mailboxThreads() default 4;

  @AttributeDefinition(
      description = "Topics whose subscribers are remembered per account, 0 (none) to 1000000",
      min = "0",
      max = "1000000")
  int cachedTopics() default 4_096;

  @AttributeDefinition(
      description =
          "Least time, in seconds, that a kept session has after a start of the gateway to come"
              + " back, 0 to 86400",
      min = "0",
      max = "86400")
  int graceSeconds() default 300;

  @AttributeDefinition(
      description = "Whether a/# also matches a, as MQTT wants it; never by aws-iot-2016")
  boolean parentMatch() default true;
}
