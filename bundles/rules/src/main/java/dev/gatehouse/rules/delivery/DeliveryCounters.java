package dev.gatehouse.rules.delivery;

import java.util.concurrent.atomic.LongAdder;

/** What the lanes of one rule did. */
public final class DeliveryCounters {
  /** Deliveries that were made, at once or later. */
  public final LongAdder delivered = new LongAdder();

  /** Parcels that were put into a durable queue. */
  public final LongAdder kept = new LongAdder();

  /** Attempts that failed and are to be repeated. */
  public final LongAdder retried = new LongAdder();

  /** Parcels that found their queue full. */
  public final LongAdder dropped = new LongAdder();
}
