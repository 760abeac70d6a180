package dev.gatehouse.identity;

import dev.gatehouse.api.identity.Account;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/**
 * How many certificates register themselves (guide: Security and Identity Limits, 15 a second). For
 * each account, as large as a second's worth. Thread-safe.
 */
final class RegistrationLimit {
  private static final double PER_SECOND = 15;

  private final Clock clock;
  private final Map<Account, Bucket> buckets = new HashMap<>(); // guarded by this

  private static final class Bucket {
    private double tokens = PER_SECOND;
    private long filledAt;

    Bucket(long now) {
      filledAt = now;
    }

    boolean take(long now) {
      double gained = Math.max(0, now - filledAt) / 1000.0 * PER_SECOND;
      tokens = Math.min(PER_SECOND, tokens + gained);
      filledAt = now;
      if (tokens < 1) {
        return false;
      }
      tokens--;
      return true;
    }
  }

  RegistrationLimit(Clock clock) {
    this.clock = clock;
  }

  synchronized boolean take(Account account) {
    long now = clock.millis();
    return buckets.computeIfAbsent(account, key -> new Bucket(now)).take(now);
  }
}
