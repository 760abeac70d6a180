package dev.gatehouse.rules;

import dev.gatehouse.api.memory.MemoryShare;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.MessageBus;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.telemetry.LogText;
import dev.gatehouse.rules.delivery.Failure;
import dev.gatehouse.rules.delivery.Held;
import dev.gatehouse.rules.delivery.Lane;
import dev.gatehouse.rules.delivery.LaneServices;
import dev.gatehouse.rules.delivery.Outcome;
import dev.gatehouse.rules.delivery.Parcel;
import dev.gatehouse.rules.sql.Evaluation;
import dev.gatehouse.rules.sql.EvaluationException;
import dev.gatehouse.rules.sql.MessageContext;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One enabled rule at work. */
final class LiveRule implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveRule.class);
  private static final long LOG_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final CompletionStage<Void> DONE = CompletableFuture.completedFuture(null);
  private static final String EVALUATION = "SqlEvaluation";
  private static final String FULL =
      "the memory for what rules make is in use, the message cannot be given to the action";

  private final RuleKey key;
  private final RuleProgram program;
  private final RuleLanes lanes;
  private final Evaluator evaluator;
  private final RuleCounters counters;
  private final Clock clock;
  private final MemoryShare memory;
  private final long heapBytes;
  private final AtomicLong nextLogNanos = new AtomicLong(System.nanoTime());
  private final Map<String, Lane> own = new ConcurrentHashMap<>(); // by slot
  private @Nullable Inbox inbox; // of the control thread

  LiveRule(
      RuleKey key,
      RuleProgram program,
      RuleLanes lanes,
      Evaluator evaluator,
      RuleCounters counters,
      LaneServices services) {
    this.key = key;
    this.program = program;
    this.lanes = lanes;
    this.evaluator = evaluator;
    this.counters = counters;
    this.clock = services.clock();
    this.memory = services.memory();
    this.heapBytes = program.heapBytes();
  }

  /**
   * Begins to receive, called once: in the place of the rule as it was, so that no message is
   * missed between the two.
   *
   * @param before which gives way afterwards; null if there is none
   */
  void open(MessageBus bus, int capacity, @Nullable LiveRule before) {
    program.all().forEach(bound -> lane(bound).aim(bound.target()));
    lanes.serve(this);
    TopicFilter filter = program.filter();
    if (filter == null) {
      return;
    }
    Inbox present = before == null ? null : before.inbox;
    if (before != null && present != null && present.receives(filter)) {
      before.inbox = null;
      inbox = present;
      present.handTo(this);
    } else {
      inbox = new Inbox(bus, key, filter, capacity, this);
    }
  }

  /** Its own for good: one that a later change has discarded is not made again. */
  private Lane lane(BoundAction bound) {
    return own.computeIfAbsent(bound.slot(), lanes::lane);
  }

  List<String> missing() {
    return program.missing();
  }

  long heapBytes() {
    return heapBytes;
  }

  boolean callsOthers() {
    return program.callsOthers();
  }

  boolean uses(String actionType) {
    return program.all().anyMatch(bound -> bound.type().equals(actionType));
  }

  /**
   * Takes a message; completes when nothing of what it causes can be lost any more: delivered,
   * durable here, or failed and told so.
   */
  CompletionStage<Void> onMessage(Message message) {
    counters.matched.increment();
    if (!program.callsOthers()) {
      return evaluate(message);
    }
    try {
      return evaluator.submit(Parcel.messageBytes(message), () -> evaluate(message));
    } catch (RejectedExecutionException e) {
      Failure failure = new Failure(EVALUATION, "", String.valueOf(e.getMessage()));
      return finish(message, null, List.of(failure));
    }
  }

  private CompletionStage<Void> evaluate(Message message) {
    Evaluation evaluation = null;
    List<Failure> failures = new ArrayList<>();
    try {
      evaluation = program.statement().begin(message.payload().bytes(), context(message), memory);
      if (!program.statement().matches(evaluation)) {
        evaluation.close();
        return DONE;
      }
      counters.passed.increment();
      byte[] selected = program.statement().select(evaluation);
      Payload payload =
          selected == message.payload().bytes() ? message.payload() : Payload.of(selected);
      return act(message, evaluation, payload, failures);
    } catch (EvaluationException e) {
      failures.add(new Failure(EVALUATION, "", String.valueOf(e.getMessage())));
    } catch (RuntimeException | StackOverflowError e) {
      failures.add(new Failure(EVALUATION, "", e.toString()));
    }
    return finishAndClose(message, evaluation, failures);
  }

  /** An action, and its settings for one message. */
  private record Ready(BoundAction bound, Map<String, String> settings) {}

  /** Gives the payload to every action whose settings can be made. */
  private CompletionStage<Void> act(
      Message message, Evaluation evaluation, Payload payload, List<Failure> failures) {
    List<Ready> all = new ArrayList<>(program.actions().size());
    long bytes = Parcel.messageBytes(message) + evaluation.uncountedBytes() + payload.length();
    for (BoundAction bound : program.actions()) {
      try {
        Ready ready = new Ready(bound, bound.render(evaluation));
        bytes += Parcel.settingsBytes(ready.settings());
        all.add(ready);
      } catch (EvaluationException e) {
        failures.add(new Failure(bound.failureName(), "", String.valueOf(e.getMessage())));
      }
    }
    Held held = Held.take(memory, bytes);
    if (held == null) {
      all.forEach(ready -> failures.add(new Failure(ready.bound().failureName(), "", FULL)));
      return finishAndClose(message, evaluation, failures);
    }
    List<CompletableFuture<Outcome>> outcomes = new ArrayList<>(all.size());
    for (Ready ready : all) {
      Parcel parcel = new Parcel(clock.millis(), ready.settings(), payload, message);
      outcomes.add(lane(ready.bound()).deliver(parcel, held));
    }
    return CompletableFuture.allOf(outcomes.toArray(CompletableFuture<?>[]::new))
        .thenCompose(done -> finishAndClose(message, evaluation, told(outcomes, failures)))
        .whenComplete((done, error) -> held.release());
  }

  /** The failures with those of the actions, all of which are done. */
  private static List<Failure> told(
      List<CompletableFuture<Outcome>> outcomes, List<Failure> failures) {
    for (CompletableFuture<Outcome> outcome : outcomes) {
      if (outcome.join() instanceof Outcome.Failed failed) {
        failures.add(failed.failure());
      }
    }
    return failures;
  }

  /** The end of a message: what failed is told, and the evaluation's memory is given back. */
  private CompletionStage<Void> finishAndClose(
      Message message, @Nullable Evaluation evaluation, List<Failure> failures) {
    if (failures.isEmpty() || evaluation == null || evaluation.isExhausted()) {
      if (evaluation != null) {
        evaluation.close(); // the error action needs the memory
      }
      return failures.isEmpty() ? DONE : finish(message, null, failures);
    }
    return finish(message, evaluation, failures);
  }

  /** An action whose parcel waited has failed for good, long after the message. */
  void failedLate(String slot, Message message, Failure failure) {
    BoundAction errorAction = program.errorAction();
    if (errorAction != null && errorAction.slot().equals(slot)) {
      counters.errorActionsFailed.increment();
      log(message, failure);
      return;
    }
    try {
      evaluator.submit(Parcel.messageBytes(message), () -> finish(message, null, List.of(failure)));
    } catch (RejectedExecutionException e) {
      counters.failed.increment();
      log(message, failure);
    }
  }

  private CompletionStage<Void> finish(
      Message message, @Nullable Evaluation evaluation, List<Failure> failures) {
    counters.failed.add(failures.size());
    failures.forEach(failure -> log(message, failure));
    BoundAction errorAction = program.errorAction();
    if (errorAction == null) {
      if (evaluation != null) {
        evaluation.close();
      }
      return DONE;
    }
    Map<String, String> rendered;
    try (Evaluation used = evaluation == null ? again(message) : evaluation) {
      rendered = errorAction.render(used);
    } catch (RuntimeException e) {
      return errorActionFailed(
          message, new Failure(errorAction.failureName(), "", String.valueOf(e.getMessage())));
    }
    long bytes =
        FailureReport.bytes(message)
            + Parcel.messageBytes(message)
            + Parcel.settingsBytes(rendered);
    Held held = Held.take(memory, bytes);
    if (held == null) {
      return errorActionFailed(message, new Failure(errorAction.failureName(), "", FULL));
    }
    Payload report = FailureReport.of(key.name(), message, failures);
    return lane(errorAction)
        .deliver(new Parcel(clock.millis(), rendered, report, message), held)
        .whenComplete((outcome, error) -> held.release())
        .thenCompose(
            outcome ->
                outcome instanceof Outcome.Failed failed
                    ? errorActionFailed(message, failed.failure())
                    : DONE);
  }

  /** For the templates of the error action alone. */
  private Evaluation again(Message message) {
    byte[] payload = message.payload().bytes();
    if (!program.callsOthers()) {
      try {
        return program.statement().begin(payload, context(message), memory);
      } catch (EvaluationException e) {
        LOG.debug(
            "event=rule_variables_undefined rule={} reason=\"{}\"",
            key.name(),
            LogText.printable(e));
      }
    }
    return program.statement().beginWithoutVariables(payload, context(message), memory);
  }

  private CompletionStage<Void> errorActionFailed(Message message, Failure failure) {
    counters.errorActionsFailed.increment();
    log(message, failure);
    return DONE;
  }

  private void log(Message message, Failure failure) {
    long now = System.nanoTime();
    long next = nextLogNanos.get();
    if (now - next >= 0 && nextLogNanos.compareAndSet(next, now + LOG_EVERY_NANOS)) {
      LOG.warn(
          "event=rule_action_failed rule={} topic={} trace={} action={} resource={} reason=\"{}\"",
          key.name(),
          LogText.printable(message.topic().value()),
          message.traceId(),
          failure.failedAction(),
          LogText.printable(failure.failedResource()),
          LogText.printable(failure.errorMessage()));
    }
  }

  private MessageContext context(Message message) {
    return new MessageContext(
        message.account().id(),
        message.topic().value(),
        message.origin().clientId(),
        message.origin().principal().id(),
        message.origin().sourceIp(),
        message.traceId().toString(),
        message.properties(),
        clock.millis());
  }

  /**
   * Another takes its place, or none while it is disabled or the engine stops: what has come in for
   * it goes on, in the latter case as far as its actions' queues.
   *
   * @param next null if there is none
   * @return completes when all that came in has been evaluated, or waits for functions of others
   */
  CompletionStage<Void> giveWay(@Nullable LiveRule next) {
    if (next == null) {
      rest();
    }
    Inbox last = inbox;
    inbox = null;
    CompletionStage<Void> drained = last == null ? DONE : last.drain();
    return drained.whenComplete((done, failure) -> program.close());
  }

  /** What goes to its actions waits from now on. */
  private void rest() {
    lanes.serve(null);
    program.all().forEach(bound -> lane(bound).aim(null));
  }

  @Override
  public void close() {
    if (inbox != null) {
      inbox.close();
    }
    rest();
    program.close();
  }
}
