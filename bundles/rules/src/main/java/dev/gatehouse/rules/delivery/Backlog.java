package dev.gatehouse.rules.delivery;

import dev.gatehouse.api.memory.MemoryShare;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.Queue;
import dev.gatehouse.api.telemetry.LogText;
import dev.gatehouse.api.time.PassedTime;
import dev.gatehouse.rules.delivery.Attempt.Problem;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The durable queue of one lane, and its way out: a window of parcels is under way while the target
 * takes them, one at a time while it does not, so that one bad parcel does not hold up the others.
 * The lock is held while a batch is handed to the store, which keeps numbers in order, and never
 * while something waits.
 */
final class Backlog {
  private static final Logger LOG = LoggerFactory.getLogger(Backlog.class);
  private static final int WINDOW = 64;
  private static final int MOST_PAGE_BYTES = 4 * 1024 * 1024;
  private static final int LEAST_PAGE_BYTES = 64 * 1024;
  private static final long ROOM_MILLIS = 100;
  private static final String NO_MEMORY =
      "the memory for what rules make is in use, the message cannot be kept for the target";
  private static final int MOST_APPENDING = 1_000;
  private static final long MOST_APPENDING_BYTES = 16 * 1024 * 1024;
  private static final long LOG_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final String name;
  private final String label;
  private final LaneServices services;
  private final PassedTime passed;
  private final Executor executor;
  private final DeliveryCounters counters;
  private final LaneObserver observer;
  private final Backoff backoff;
  private final Queue queue;
  private final MemoryShare memory;
  private final int pageBytes;
  private final long mostAppendingBytes;

  // all below guarded by this
  private final TreeMap<Long, Waiting> window = new TreeMap<>();

  /** Under way since before they were durable, and not yet in the window. */
  private final Map<Long, Parcel> handedOver = new HashMap<>();

  /** Settled before they came into the window. */
  private final Set<Long> settled = new HashSet<>();

  private @Nullable Target target;
  private @Nullable Failure lastFailure;
  private long next;
  private long loaded = -1;
  private long trimmed = -1;
  private long waiting;
  private int appending;
  private long appendingBytes;
  private int underWay;
  private int failures;
  private long logAtNanos = System.nanoTime();
  private boolean holding; // until the next try
  private boolean more;
  private boolean reading;
  private boolean trimming;
  private boolean full;
  private boolean closed;
  private boolean discarded;

  Backlog(
      String name,
      String label,
      LaneServices services,
      Executor executor,
      DeliveryCounters counters,
      LaneObserver observer) {
    this.name = name;
    this.label = label;
    this.services = services;
    this.passed = PassedTime.of(services.clock());
    this.executor = executor;
    this.counters = counters;
    this.observer = observer;
    this.backoff = new Backoff(services.settings().firstDelay(), services.settings().mostDelay());
    this.queue = services.store().queue(name);
    this.memory = services.memory();
    long sixteenth = memory.limitBytes() / 16;
    this.pageBytes = (int) Math.max(LEAST_PAGE_BYTES, Math.min(MOST_PAGE_BYTES, sixteenth));
    this.mostAppendingBytes = Math.min(MOST_APPENDING_BYTES, memory.limitBytes() / Lane.PART);
    this.next = queue.last() + 1;
    this.waiting = queue.size();
    this.more = waiting > 0;
  }

  /** A parcel in the window. */
  private static final class Waiting {
    final Parcel parcel;
    final long bytes;
    int attempts;
    boolean underWay;

    Waiting(Parcel parcel) {
      this.parcel = parcel;
      this.bytes = parcel.bytes();
    }
  }

  synchronized boolean empty() {
    return waiting == 0;
  }

  synchronized long waiting() {
    return waiting;
  }

  synchronized void aim(@Nullable Target to) {
    target = to;
    retry();
  }

  synchronized Optional<String> problem() {
    if (full) {
      return Optional.of(label + " is full with " + waiting + " waiting, more fail");
    }
    if (waiting == 0 || (target != null && failures == 0)) {
      return Optional.empty();
    }
    String reason = lastFailure == null || target == null ? "away" : lastFailure.errorMessage();
    return Optional.of(waiting + " wait for " + label + ": " + reason);
  }

  /**
   * Makes a parcel durable.
   *
   * @param attempt one that is under way for it, if any: then no second one begins before its end
   */
  CompletableFuture<Outcome> append(
      Parcel parcel, @Nullable CompletableFuture<@Nullable Problem> attempt) {
    long copied = parcel.bytes(); // until the store has it
    if (!memory.tryTake(copied)) {
      counters.dropped.increment();
      return CompletableFuture.completedFuture(failed(NO_MEMORY));
    }
    return append(parcel, attempt, copied).whenComplete((done, error) -> memory.release(copied));
  }

  private CompletableFuture<Outcome> append(
      Parcel parcel, @Nullable CompletableFuture<@Nullable Problem> attempt, long copied) {
    byte[] header = parcel.header();
    byte[] body = parcel.body();
    long number;
    CompletionStage<Void> stage;
    synchronized (this) {
      full = full();
      if (full || discarded) {
        counters.dropped.increment();
        return CompletableFuture.completedFuture(refused());
      }
      number = next++;
      waiting++;
      appending++;
      appendingBytes += copied;
      if (attempt != null) {
        handedOver.put(number, parcel);
      }
      stage = services.store().commit(new Batch().append(name, number, header, body));
    }
    if (attempt != null) {
      attempt.whenComplete((problem, error) -> ended(number, parcel, problem));
    }
    return stage.handle((nothing, error) -> appended(number, copied, error)).toCompletableFuture();
  }

  private boolean full() {
    return waiting >= services.settings().maxEntries()
        || queue.bytes() + appendingBytes >= services.settings().maxBytes()
        || appending >= MOST_APPENDING
        || appendingBytes >= mostAppendingBytes;
  }

  private Outcome refused() {
    String reason =
        discarded ? "the action went" : "the queue is full, " + waiting + " wait for the target";
    return failed(lastFailure == null ? reason : reason + ": " + lastFailure.errorMessage());
  }

  private Outcome failed(String reason) {
    Target to = target;
    return new Outcome.Failed(new Failure(to == null ? label : to.failureName(), "", reason));
  }

  private synchronized Outcome appended(long number, long copied, @Nullable Throwable error) {
    appending--;
    appendingBytes -= copied;
    if (error != null) {
      waiting--;
      handedOver.remove(number);
      settled.remove(number);
      return failed("the store can not keep it: " + error.getMessage());
    }
    counters.kept.increment();
    more = true;
    pump();
    return Outcome.KEPT;
  }

  /** Begins what may begin. */
  private synchronized void pump() {
    Target to = target;
    if (closed || to == null || holding) {
      return;
    }
    int most = failures == 0 ? WINDOW : 1;
    Optional<Map.Entry<Long, Waiting>> idle = idle();
    while (underWay < most && idle.isPresent()) {
      begin(idle.get().getKey(), idle.get().getValue(), to);
      idle = idle();
    }
    if (more && !reading && window.size() <= WINDOW / 2) {
      read();
    }
  }

  /** Reads a page, if there is memory for it; else tries again soon. */
  private void read() {
    reading = true;
    if (!memory.tryTake(pageBytes)) {
      later(this::readAgain, ROOM_MILLIS);
      return;
    }
    more = false;
    queue
        .read(loaded + 1, WINDOW - window.size(), pageBytes)
        .whenComplete(
            (entries, error) -> {
              memory.release(pageBytes);
              loaded(entries, error);
            });
  }

  private synchronized void readAgain() {
    reading = false;
    pump();
  }

  private void later(Runnable task, long millis) {
    try {
      services.timer().schedule(task, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      closed = true; // the engine stops
    }
  }

  /** The parcel that was tried least, the oldest of those. */
  private Optional<Map.Entry<Long, Waiting>> idle() {
    return window.entrySet().stream()
        .filter(entry -> !entry.getValue().underWay)
        .min(Comparator.comparingInt(entry -> entry.getValue().attempts));
  }

  private void begin(long number, Waiting entry, Target to) {
    entry.underWay = true;
    underWay++;
    Attempt.start(to, entry.parcel, executor, services.timer(), services.settings().timeout())
        .whenComplete((problem, error) -> ended(number, entry.parcel, problem));
  }

  private void ended(long number, Parcel parcel, @Nullable Problem problem) {
    if (settle(number, parcel, problem) && problem != null) {
      observer.failedLate(parcel, problem.failure());
    }
  }

  private synchronized void retry() {
    holding = false;
    pump();
  }

  /** True if a parcel that was kept is done with. */
  private synchronized boolean settle(long number, Parcel parcel, @Nullable Problem problem) {
    Waiting entry = window.get(number);
    if (entry != null) {
      entry.underWay = false;
      entry.attempts++;
      underWay--;
    }
    boolean known = handedOver.remove(number) != null || entry != null;
    boolean done = problem == null || !problem.retryable() || expired(parcel);
    if (done) {
      full = false;
      if (entry != null) {
        window.remove(number);
        memory.release(entry.bytes);
        waiting--;
      } else if (known) {
        settled.add(number);
      }
      trim();
    }
    if (problem == null) {
      counters.delivered.increment();
      targetTook();
    } else if (problem.retryable()) {
      targetFailed(parcel, problem.failure());
    }
    pump();
    return done && known;
  }

  private boolean expired(Parcel parcel) {
    return passed.sinceMillis(parcel.sinceMillis()) > services.settings().maxAge().toMillis();
  }

  private void targetTook() {
    if (failures > 0) {
      LOG.info("event=rule_target_back lane={} waiting={}", label, waiting);
    }
    failures = 0;
    lastFailure = null;
    holding = false;
  }

  /** The target did not take a parcel; several at once count as one. */
  synchronized void targetFailed(Parcel parcel, Failure failure) {
    counters.retried.increment();
    lastFailure = failure;
    if (holding) {
      return;
    }
    hold();
    long now = System.nanoTime();
    if (now - logAtNanos >= 0) {
      logAtNanos = now + LOG_EVERY_NANOS;
      LOG.warn(
          "event=rule_target_away lane={} topic={} trace={} resource={} waiting={} reason=\"{}\"",
          label,
          LogText.printable(parcel.message().topic().value()),
          parcel.message().traceId(),
          LogText.printable(failure.failedResource()),
          waiting,
          LogText.printable(failure.errorMessage()));
    }
  }

  private void hold() {
    failures++;
    holding = true;
    later(this::retry, backoff.delayMillis(failures));
  }

  private synchronized void loaded(@Nullable List<Queue.Entry> entries, @Nullable Throwable error) {
    reading = false;
    if (closed) {
      return;
    }
    if (entries == null) {
      LOG.warn("event=rule_queue_unreadable lane={} reason=\"{}\"", label, String.valueOf(error));
      more = true;
      hold();
      return;
    }
    for (Queue.Entry entry : entries) {
      loaded = entry.number();
      if (settled.remove(loaded)) {
        waiting--;
      } else {
        enter(entry);
      }
    }
    more |= !entries.isEmpty();
    trim();
    pump();
  }

  private void enter(Queue.Entry entry) {
    Waiting parcel;
    try {
      parcel = new Waiting(Parcel.read(entry.header(), entry.value()));
    } catch (RuntimeException e) {
      waiting--;
      counters.dropped.increment();
      LOG.error("event=rule_parcel_unreadable lane={} entry={}", label, entry.number(), e);
      return;
    }
    if (handedOver.containsKey(entry.number())) {
      parcel.underWay = true;
      underWay++;
    }
    memory.take(parcel.bytes); // a page that is read has at least one entry, however large
    window.put(entry.number(), parcel);
  }

  private synchronized void trim() {
    long upTo = window.isEmpty() ? loaded : window.firstKey() - 1;
    if (closed || trimming || upTo <= trimmed) {
      return;
    }
    trimming = true;
    trimmed = upTo;
    // If it fails, the parcels come again after a restart.
    services
        .store()
        .commit(new Batch().trim(name, upTo))
        .whenComplete(
            (nothing, error) -> {
              synchronized (this) {
                trimming = false;
              }
              trim();
            });
  }

  /** Delivers no more, and still keeps what comes. */
  synchronized void close() {
    closed = true;
    leaveWindow();
  }

  private void leaveWindow() {
    window.values().forEach(entry -> memory.release(entry.bytes));
    window.clear();
  }

  /** Gives up what waits, says how much that was. */
  void discard() {
    synchronized (this) {
      closed = true;
      discarded = true;
      leaveWindow();
      if (waiting > 0) {
        counters.dropped.add(waiting);
        LOG.warn("event=rule_queue_discarded lane={} waiting={}", label, waiting);
      }
    }
    services
        .store()
        .commit(new Batch().drop(name))
        .whenComplete(
            (nothing, error) -> {
              if (error != null) {
                LOG.warn("event=rule_queue_left lane={} reason=\"{}\"", label, error.getMessage());
              }
            });
  }
}
