package dev.gatehouse.http;

import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.AwsService;
import dev.gatehouse.api.identity.Account;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** A bucket of calls for each account and operation, as large as a second's worth. */
final class Throttle {
  private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Limits limits;
  private final LongSupplier nanos;
  private final Map<Key, Bucket> buckets = new ConcurrentHashMap<>();

  private record Key(Account account, AwsService service, String operation) {}

  private static final class Bucket {
    double tokens; // guarded by this
    long filledAt; // guarded by this
  }

  Throttle(Limits limits, LongSupplier nanos) {
    this.limits = limits;
    this.nanos = nanos;
  }

  /**
   * Takes one call.
   *
   * @throws ServiceException the service's {@code throttled} if there is none left
   */
  void take(Account account, ApiOperation operation) {
    long rate = limits.perSecond(operation);
    if (rate == 0) {
      return;
    }
    long now = nanos.getAsLong();
    Bucket bucket =
        buckets.computeIfAbsent(
            new Key(account, operation.service(), operation.name()),
            key -> {
              Bucket full = new Bucket();
              full.tokens = rate;
              full.filledAt = now;
              return full;
            });
    boolean taken;
    synchronized (bucket) {
      bucket.tokens = Math.min(rate, bucket.tokens + (now - bucket.filledAt) / SECOND * rate);
      bucket.filledAt = now;
      taken = bucket.tokens >= 1;
      bucket.tokens -= taken ? 1 : 0;
    }
    if (!taken) {
      throw new ServiceException(
          operation.service().throttled(),
          "more than " + rate + " calls of " + operation.name() + " a second");
    }
  }
}
