package dev.gatehouse.broker;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the broker. A change restarts it. */
@ObjectClassDefinition(name = "Gatehouse broker")
@interface BrokerConfig {

  @AttributeDefinition(description = "Sessions, connected or not, 1 to 1000000. Default 100000.")
  int maxSessions() default 100_000;

  @AttributeDefinition(description = "Subscriptions of one session, 1 to 100000. Default 1000.")
  int maxSubscriptionsPerSession() default 1_000;

  @AttributeDefinition(
      description =
          "Messages that wait for one session, 1 to 10000000; further ones are dropped and counted."
              + " Default 100000.")
  int maxQueuedMessages() default 100_000;

  @AttributeDefinition(
      description = "Kilobytes that wait for one session, 1 to 10000000. Default 65536.")
  int maxQueuedKilobytes() default 65_536;

  @AttributeDefinition(description = "Retained messages, 0 to 1000000. Default 50000.")
  int maxRetained() default 50_000;

  @AttributeDefinition(description = "Threads that run internal subscribers, 1 to 64. Default 4.")
  int mailboxThreads() default 4;
}
