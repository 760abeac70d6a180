package dev.gatehouse.broker;

import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.session.SessionRequest;
import dev.gatehouse.api.session.Will;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What happens some time after a connection ended: delayed wills, and the end of sessions. */
final class Endings {
  private final ScheduledExecutorService timer;
  private final Consumer<Message> publisher;
  private final Consumer<SessionKey> expire;
  private final Map<SessionKey, Delayed> wills = new ConcurrentHashMap<>();
  private final Map<SessionKey, ScheduledFuture<?>> expiries = new ConcurrentHashMap<>();

  private record Delayed(Will will, ScheduledFuture<?> timer) {}

  Endings(
      ScheduledExecutorService timer, Consumer<Message> publisher, Consumer<SessionKey> expire) {
    this.timer = timer;
    this.publisher = publisher;
    this.expire = expire;
  }

  /**
   * Publishes a will, now or after its delay.
   *
   * @param expirySeconds how long the session goes on, which ends the delay; -1: it has been taken
   *     over, and goes on
   */
  void will(SessionKey key, @Nullable Will will, long expirySeconds) {
    if (will == null) {
      return;
    }
    long delay =
        expirySeconds < 0 ? will.delaySeconds() : Math.min(will.delaySeconds(), expirySeconds);
    if (delay == 0) {
      publish(will);
    } else if (expirySeconds >= 0) { // a session taken over has come back before its delay
      ScheduledFuture<?> scheduled =
          timer.schedule(
              () -> {
                wills.remove(key);
                publish(will);
              },
              delay,
              TimeUnit.SECONDS);
      wills.put(key, new Delayed(will, scheduled));
    }
  }

  private void publish(Will will) {
    if (will.stillAllowed().getAsBoolean()) {
      publisher.accept(will.message());
    }
  }

  void expireLater(SessionKey key, long seconds) {
    if (seconds == SessionRequest.NEVER_EXPIRES) {
      return;
    }
    ScheduledFuture<?> scheduled =
        timer.schedule(
            () -> {
              expiries.remove(key);
              expire.accept(key);
            },
            seconds,
            TimeUnit.SECONDS);
    ScheduledFuture<?> former = expiries.put(key, scheduled);
    if (former != null) {
      former.cancel(false);
    }
  }

  /**
   * A client came back.
   *
   * @param anew whether its former session has ended by that, which publishes a delayed will
   */
  void returned(SessionKey key, boolean anew) {
    ScheduledFuture<?> expiry = expiries.remove(key);
    if (expiry != null) {
      expiry.cancel(false);
    }
    Delayed delayed = wills.remove(key);
    if (delayed != null && delayed.timer().cancel(false) && anew) {
      publish(delayed.will());
    }
  }
}
