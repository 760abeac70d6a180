package dev.gatehouse.api.message;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Names one message through rules, actions and logs. Cheap to make, not a secret. */
public record TraceId(long high, long low) {

  /** A new one. */
  public static TraceId next() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return new TraceId(random.nextLong(), random.nextLong());
  }

  /** In the form of a UUID. */
  @Override
  public String toString() {
    return new UUID(high, low).toString();
  }
}
