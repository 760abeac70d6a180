package dev.gatehouse.rules.delivery;

import java.time.Duration;

/**
 * How lanes deliver.
 *
 * @param timeout for one attempt
 * @param handOver after which an attempt that is not over is made durable
 * @param firstDelay before the second attempt, then doubled
 * @param mostDelay the bound of that
 * @param maxAge after which a parcel that can not be delivered fails
 * @param maxEntries parcels that may wait in one lane
 * @param maxBytes of the parcels that may wait in one lane
 */
public record DeliverySettings(
    Duration timeout,
    Duration handOver,
    Duration firstDelay,
    Duration mostDelay,
    Duration maxAge,
    int maxEntries,
    long maxBytes) {}
