package dev.gatehouse.rules;

import java.time.Duration;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Validated settings of the engine.
 *
 * @param actionThreads 1 to 64
 * @param actionQueue executions that may wait for a thread, 1 to 100,000
 * @param mailboxCapacity messages that may wait per rule, 1 to 100,000
 * @param actionTimeout for an action with its retries, 100 ms to 5 min
 * @param attempts of an action, 1 to 10
 * @param retryDelay before the second attempt, then doubled, 1 ms to 1 min
 * @param maxRules per account, 1 to 100,000
 */
record RulesConfig(
    int actionThreads,
    int actionQueue,
    int mailboxCapacity,
    Duration actionTimeout,
    int attempts,
    Duration retryDelay,
    int maxRules) {

  RulesConfig {
    require("actionThreads", actionThreads, 1, 64);
    require("actionQueue", actionQueue, 1, 100_000);
    require("mailboxCapacity", mailboxCapacity, 1, 100_000);
    require("actionTimeoutMillis", actionTimeout.toMillis(), 100, 300_000);
    require("actionAttempts", attempts, 1, 10);
    require("retryDelayMillis", retryDelay.toMillis(), 1, 60_000);
    require("maxRules", maxRules, 1, 100_000);
  }

  static RulesConfig from(Settings settings) {
    return new RulesConfig(
        settings.actionThreads(),
        settings.actionQueue(),
        settings.mailboxCapacity(),
        Duration.ofMillis(settings.actionTimeoutMillis()),
        settings.actionAttempts(),
        Duration.ofMillis(settings.retryDelayMillis()),
        settings.maxRules());
  }

  private static void require(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " is " + value + ", must be " + least + " to " + most);
    }
  }

  /** The configuration; each change restarts the engine. */
  @ObjectClassDefinition(name = "Gatehouse rules engine")
  @interface Settings {
    @AttributeDefinition(
        description = "Threads that run actions, 1 to 64, default 4",
        min = "1",
        max = "64")
    int actionThreads() default 4;

    @AttributeDefinition(
        description = "Actions that may wait for a thread, 1 to 100000, default 1000; more fail",
        min = "1",
        max = "100000")
    int actionQueue() default 1_000;

    @AttributeDefinition(
        description =
            "Messages that may wait per rule, 1 to 100000, default 1000; more are refused",
        min = "1",
        max = "100000")
    int mailboxCapacity() default 1_000;

    @AttributeDefinition(
        description = "Milliseconds for an action with its retries, 100 to 300000, default 5000",
        min = "100",
        max = "300000")
    int actionTimeoutMillis() default 5_000;

    @AttributeDefinition(
        description = "Attempts of an action, 1 to 10, default 3",
        min = "1",
        max = "10")
    int actionAttempts() default 3;

    @AttributeDefinition(
        description = "Milliseconds before the second attempt, then doubled, 1 to 60000, def. 100",
        min = "1",
        max = "60000")
    int retryDelayMillis() default 100;

    @AttributeDefinition(
        description = "Rules per account, 1 to 100000, default 1000",
        min = "1",
        max = "100000")
    int maxRules() default 1_000;
  }
}
