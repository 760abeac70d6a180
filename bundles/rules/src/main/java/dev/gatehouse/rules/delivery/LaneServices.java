package dev.gatehouse.rules.delivery;

import dev.gatehouse.api.memory.MemoryShare;
import dev.gatehouse.api.store.Store;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What all lanes share.
 *
 * @param memory pays for what rules make and lanes carry
 * @param pool where actions run, of which a lane takes one thread at a time
 */
public record LaneServices(
    MemoryShare memory,
    Store store,
    Executor pool,
    ScheduledExecutorService timer,
    Clock clock,
    DeliverySettings settings) {}
