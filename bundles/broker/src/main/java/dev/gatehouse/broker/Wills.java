package dev.gatehouse.broker;

import dev.gatehouse.api.memory.MemoryShare;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.PublishOutcome;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.session.Will;
import dev.gatehouse.api.session.WillRights;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Publishes wills that are due, if their client may still publish them. The row of a will goes in
 * the batch that makes its message durable, so a crash neither loses a will nor repeats it.
 */
final class Wills {
  private static final Duration RETRY = Duration.ofSeconds(5);

  private final Router router;
  private final Ledger ledger;
  private final Clock clock;
  private final Timer timer;
  private final MemoryShare memory;

  // guarded by this
  private @Nullable WillRights rights; // once an edge has started
  private List<Runnable> waiting = new ArrayList<>(); // for the edge

  Wills(Router router, Ledger ledger, Clock clock, Timer timer, MemoryShare memory) {
    this.router = router;
    this.ledger = ledger;
    this.clock = clock;
    this.timer = timer;
    this.memory = memory;
  }

  /** Counts the memory of a will that comes with CONNECT; false if there is none left. */
  boolean count(@Nullable Will will) {
    return will == null || memory.tryTake(SessionWill.heapBytes(will.message()));
  }

  /** Counts the memory of a will that the store holds. */
  void count(SessionWill restored) {
    memory.take(SessionWill.heapBytes(restored.message));
  }

  /** A will that was counted is no longer held. */
  void release(@Nullable SessionWill will) {
    if (will != null) {
      memory.release(SessionWill.heapBytes(will.message));
    }
  }

  /** As {@link #release}, of one whose connection never began. */
  void release(@Nullable Will will) {
    if (will != null) {
      memory.release(SessionWill.heapBytes(will.message()));
    }
  }

  /** As {@link dev.gatehouse.api.session.Sessions#publishRestoredWills}. */
  void publishRestored(WillRights now) {
    List<Runnable> ready;
    synchronized (this) {
      rights = now;
      ready = waiting;
      waiting = new ArrayList<>();
    }
    ready.forEach(Runnable::run);
  }

  /**
   * Publishes a will that is due.
   *
   * @param session whose no-local subscriptions do not get it; null if it has ended
   */
  void publish(@Nullable ClientSession session, SessionWill will) {
    Boolean allowed = allowed(session, will);
    if (allowed == null) {
      return; // it waits
    }
    if (!allowed) {
      discard(will);
      return;
    }
    Message message = dated(will.message);
    boolean nothingDurable = message.qos() == QoS.AT_MOST_ONCE && !message.retain();
    if (!will.stored() || nothingDurable) {
      router.publish(message, session, null);
      discard(will);
      return;
    }
    router
        .publish(message, session, will::delete)
        .whenComplete(
            (outcome, failure) -> {
              if (failure != null || outcome == PublishOutcome.STORE_UNAVAILABLE) {
                timer.after(RETRY, () -> publishAgain(session, will));
              } else {
                release(will);
              }
            });
  }

  /** Null if that cannot be said before an edge has started; then it is published later. */
  private @Nullable Boolean allowed(@Nullable ClientSession session, SessionWill will) {
    if (will.stillAllowed != null) {
      return will.stillAllowed.getAsBoolean();
    }
    WillRights known;
    synchronized (this) {
      known = rights;
      if (known == null) {
        waiting.add(() -> publish(session, will));
        return null;
      }
    }
    return known.mayPublish(will.message.origin(), will.message.topic(), will.message.retain());
  }

  /**
   * Subscribers without a persistent session have it already, so it is published again only when
   * the store takes writes again.
   */
  private void publishAgain(@Nullable ClientSession session, SessionWill will) {
    ledger
        .commit(batch -> will.put(batch, 0))
        .thenAccept(
            durable -> {
              if (durable) {
                publish(session, will);
              } else {
                timer.after(RETRY, () -> publishAgain(session, will));
              }
            });
  }

  /** Forgets a will that is not to be published, or has been, and deletes its row. */
  void discard(SessionWill will) {
    if (will.stored()) {
      ledger.commit(will::delete).thenAccept(durable -> discarded(will, durable));
    } else {
      release(will);
    }
  }

  /** A batch with the deletion of a will's row is over. */
  void discarded(SessionWill will, boolean durable) {
    if (durable) {
      release(will);
    } else {
      timer.after(RETRY, () -> discard(will));
    }
  }

  /** Its time, from which its expiry counts, is that of its publication. */
  private Message dated(Message message) {
    return new Message(
        message.account(),
        message.topic(),
        message.payload(),
        message.qos(),
        message.retain(),
        message.properties(),
        message.origin(),
        clock.millis(),
        message.traceId(),
        message.hops());
  }
}
