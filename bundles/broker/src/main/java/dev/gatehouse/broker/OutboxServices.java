package dev.gatehouse.broker;

import java.util.function.Supplier;

/** What the outboxes of all sessions work with. */
record OutboxServices(Supplier<BrokerSettings> settings, Counters counters, Lifetime lifetime) {}
