package dev.gatehouse.broker;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the broker; a change ends all connections and starts it again. */
@ObjectClassDefinition(name = "Gatehouse broker", description = "Topics, sessions and queues")
@interface BrokerConfig {
  @AttributeDefinition(
      description = "Sessions, connected or kept; a CONNECT beyond is refused, 1 to 10000000",
      min = "1",
      max = "10000000")
  int maxSessions() default 100_000;

  @AttributeDefinition(
      description = "Subscriptions of one session; a SUBSCRIBE beyond is refused, 1 to 1000000",
      min = "1",
      max = "1000000")
  int maxSubscriptionsPerSession() default 10_000;

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
      description = "Retained messages of all accounts; more are refused, 0 to 10000000",
      min = "0",
      max = "10000000")
  int maxRetainedMessages() default 100_000;

  @AttributeDefinition(
      description = "Size of the retained messages in memory, kB, 0 to 10000000",
      min = "0",
      max = "10000000")
  int retainedKilobytes() default 16_384;

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

  @AttributeDefinition(description = "Whether a/# also matches a, as MQTT wants it")
  boolean parentMatch() default true;
}
