package dev.gatehouse.rules.delivery;

import dev.gatehouse.rules.delivery.Attempt.Problem;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The way of one rule to one of its actions. While the target takes what comes, parcels go straight
 * to it; once it does not, or is slow, they go through a durable queue, and nobody waits for it. It
 * outlives changes of the rule.
 */
public final class Lane {
  private static final int MOST_FRESH = 1_000;
  private static final long MOST_FRESH_BYTES = 16 * 1024 * 1024;

  /** A lane takes a quarter of the memory that all share, at most. */
  static final int PART = 4;

  private final LaneServices services;
  private final Backlog backlog;
  private final DeliveryCounters counters;
  private final Executor executor;
  private final long mostFreshBytes;
  private @Nullable Target target; // guarded by this
  private final Set<Fresh> fresh = new HashSet<>(); // guarded by this
  private long freshBytes; // guarded by this

  /**
   * Opens a lane; what waits from before goes on when it is aimed.
   *
   * @param queueName in the store
   * @param label for logs
   */
  public Lane(
      String queueName,
      String label,
      LaneServices services,
      DeliveryCounters counters,
      LaneObserver observer) {
    this.services = services;
    this.counters = counters;
    this.executor = new SerialExecutor(services.pool());
    this.mostFreshBytes = Math.min(MOST_FRESH_BYTES, services.memory().limitBytes() / PART);
    this.backlog = new Backlog(queueName, label, services, executor, counters, observer);
  }

  /** Where parcels go from now on; null while nobody is there to take them. */
  public void aim(@Nullable Target to) {
    synchronized (this) {
      target = to;
    }
    backlog.aim(to);
  }

  /**
   * Takes a parcel.
   *
   * @param held the parcel's memory, which is released when the parcel has left it
   * @return completes when the rule need not wait any longer; never exceptionally
   */
  public CompletableFuture<Outcome> deliver(Parcel parcel, Held held) {
    held.retain();
    Fresh straight = begin(parcel, held);
    if (straight != null) {
      return straight.outcome;
    }
    CompletableFuture<Outcome> kept = backlog.append(parcel, null);
    kept.whenComplete((outcome, error) -> held.release());
    return kept;
  }

  /** The attempt, unless something waits before this parcel. */
  private @Nullable Fresh begin(Parcel parcel, Held held) {
    Target to;
    Fresh begun = new Fresh(parcel, held);
    synchronized (this) {
      to = target;
      if (to == null || crowded() || !backlog.empty()) {
        return null;
      }
      fresh.add(begun);
      freshBytes += parcel.bytes();
    }
    begun.start(to);
    return begun;
  }

  private boolean crowded() {
    return fresh.size() >= MOST_FRESH || freshBytes >= mostFreshBytes;
  }

  /** A parcel on its straight way. */
  private final class Fresh {
    final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private final Parcel parcel;
    private final Held held;
    private final CompletableFuture<@Nullable Problem> attempt = new CompletableFuture<>();
    private final AtomicBoolean decided = new AtomicBoolean();

    Fresh(Parcel parcel, Held held) {
      this.parcel = parcel;
      this.held = held;
    }

    void start(Target to) {
      Future<?> handOver = later();
      Attempt.start(to, parcel, executor, services.timer(), services.settings().timeout())
          .whenComplete(
              (problem, error) -> {
                handOver.cancel(false);
                ended(problem);
                attempt.complete(problem);
                outcome.whenComplete((done, failure) -> held.release());
              });
    }

    private Future<?> later() {
      try {
        return services
            .timer()
            .schedule(
                this::handOver, services.settings().handOver().toMillis(), TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        return CompletableFuture.completedFuture(null); // the attempt fails likewise
      }
    }

    /** It takes too long: the parcel becomes durable, and whoever waits for it is let go. */
    CompletableFuture<Outcome> handOver() {
      if (decided.compareAndSet(false, true)) {
        backlog.append(parcel, attempt).thenAccept(outcome::complete);
      }
      return outcome;
    }

    private void ended(@Nullable Problem problem) {
      synchronized (Lane.this) {
        fresh.remove(this);
        freshBytes -= parcel.bytes();
      }
      if (!decided.compareAndSet(false, true)) {
        return;
      }
      if (problem == null) {
        counters.delivered.increment();
        outcome.complete(Outcome.DELIVERED);
      } else if (problem.retryable()) {
        backlog.targetFailed(parcel, problem.failure());
        backlog.append(parcel, null).thenAccept(outcome::complete);
      } else {
        outcome.complete(new Outcome.Failed(problem.failure()));
      }
    }
  }

  /** Parcels in the durable queue. */
  public long waiting() {
    return backlog.waiting();
  }

  /** What keeps parcels waiting, if something does. */
  public Optional<String> problem() {
    return backlog.problem();
  }

  /**
   * Stops it; what is under way becomes durable too, for the next start.
   *
   * @return completes when it is
   */
  public CompletableFuture<Void> close() {
    List<Fresh> underWay;
    synchronized (this) {
      target = null;
      underWay = List.copyOf(fresh);
    }
    backlog.close();
    return CompletableFuture.allOf(
        underWay.stream().map(Fresh::handOver).toArray(CompletableFuture<?>[]::new));
  }

  /** Stops it for good, with what waits. */
  public void discard() {
    aim(null);
    backlog.discard();
  }
}
