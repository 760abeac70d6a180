package dev.gatehouse.rules;

import dev.gatehouse.rules.delivery.DeliverySettings;
import java.time.Duration;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Validated settings of the engine.
 *
 * @param actionThreads 1 to 64
 * @param mailboxCapacity messages that may wait per rule, 1 to 100,000
 * @param maxRules per account, 1 to 100,000
 * @param delivery time-out 100 ms to 5 min, hand-over 1 ms to 1 min, first delay 1 ms to 1 min,
 *     most delay up to an hour, age 1 min to 30 days, 1 to 10,000,000 parcels of 1 MiB to 64 GiB
 */
record RulesConfig(
    int actionThreads, int mailboxCapacity, int maxRules, DeliverySettings delivery) {
  private static final long MEGABYTE = 1024 * 1024;

  RulesConfig {
    require("actionThreads", actionThreads, 1, 64);
    require("mailboxCapacity", mailboxCapacity, 1, 100_000);
    require("maxRules", maxRules, 1, 100_000);
    require("actionTimeoutMillis", delivery.timeout().toMillis(), 100, 300_000);
    require("handOverMillis", delivery.handOver().toMillis(), 1, 60_000);
    require("retryDelayMillis", delivery.firstDelay().toMillis(), 1, 60_000);
    long first = delivery.firstDelay().toMillis();
    require("retryMaxDelayMillis", delivery.mostDelay().toMillis(), first, 3_600_000);
    require("maxAgeMinutes", delivery.maxAge().toMinutes(), 1, 43_200);
    require("queueEntries", delivery.maxEntries(), 1, 10_000_000);
    require("queueMegabytes", delivery.maxBytes() / MEGABYTE, 1, 65_536);
  }

  static RulesConfig from(Settings settings) {
    return new RulesConfig(
        settings.actionThreads(),
        settings.mailboxCapacity(),
        settings.maxRules(),
        new DeliverySettings(
            Duration.ofMillis(settings.actionTimeoutMillis()),
            Duration.ofMillis(settings.handOverMillis()),
            Duration.ofMillis(settings.retryDelayMillis()),
            Duration.ofMillis(settings.retryMaxDelayMillis()),
            Duration.ofMinutes(settings.maxAgeMinutes()),
            settings.queueEntries(),
            settings.queueMegabytes() * MEGABYTE));
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
        description =
            "Messages that may wait per rule, 1 to 100000, default 1000; more are refused",
        min = "1",
        max = "100000")
    int mailboxCapacity() default 1_000;

    @AttributeDefinition(
        description =
            "Milliseconds for one attempt of an action, 100 to 300000, default 5000; then it is"
                + " repeated",
        min = "100",
        max = "300000")
    int actionTimeoutMillis() default 5_000;

    @AttributeDefinition(
        description =
            "Milliseconds that a publisher waits for an action at most, 1 to 60000, default 200;"
                + " then the message is made durable",
        min = "1",
        max = "60000")
    int handOverMillis() default 200;

    @AttributeDefinition(
        description = "Milliseconds before the second attempt, then doubled, 1 to 60000, def. 100",
        min = "1",
        max = "60000")
    int retryDelayMillis() default 100;

    @AttributeDefinition(
        description =
            "Milliseconds between attempts at most, from retryDelayMillis to 3600000, default 60000",
        min = "1",
        max = "3600000")
    int retryMaxDelayMillis() default 60_000;

    @AttributeDefinition(
        description =
            "Minutes after which what could not be delivered fails, 1 to 43200, default 1440",
        min = "1",
        max = "43200")
    int maxAgeMinutes() default 1_440;

    @AttributeDefinition(
        description =
            "Messages that may wait for one action, 1 to 10000000, default 100000; more fail",
        min = "1",
        max = "10000000")
    int queueEntries() default 100_000;

    @AttributeDefinition(
        description = "Megabytes that may wait for one action, 1 to 65536, default 256; more fail",
        min = "1",
        max = "65536")
    int queueMegabytes() default 256;

    @AttributeDefinition(
        description = "Rules per account, 1 to 100000, default 1000",
        min = "1",
        max = "100000")
    int maxRules() default 1_000;
  }
}
