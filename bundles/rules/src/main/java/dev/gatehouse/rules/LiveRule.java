package dev.gatehouse.rules;

import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.MessageBus;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.rules.delivery.Failure;
import dev.gatehouse.rules.delivery.Lane;
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
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One enabled rule at work. */
final class LiveRule implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveRule.class);
  private static final long LOG_EVERY_MILLIS = 10_000;
  private static final CompletionStage<Void> DONE = CompletableFuture.completedFuture(null);
  private static final String EVALUATION = "SqlEvaluation";

  private final RuleKey key;
  private final RuleProgram program;
  private final RuleLanes lanes;
  private final Evaluator evaluator;
  private final RuleCounters counters;
  private final Clock clock;
  private final AtomicLong nextLogMillis = new AtomicLong(Long.MIN_VALUE);
  private final Map<String, Lane> own = new ConcurrentHashMap<>(); // by slot
  private @Nullable Inbox inbox; // of the control thread

  LiveRule(
      RuleKey key,
      RuleProgram program,
      RuleLanes lanes,
      Evaluator evaluator,
      RuleCounters counters,
      Clock clock) {
    this.key = key;
    this.program = program;
    this.lanes = lanes;
    this.evaluator = evaluator;
    this.counters = counters;
    this.clock = clock;
  }

  /**
   * Begins to receive, called once: in the place of the rule as it was, so that no message is
   * missed between the two.
   *
   * @param before which gives way afterwards; null if there is none
   */
  void open(MessageBus bus, int capacity, @Nullable LiveRule before) {
    program.all().forEach(bound -> lane(bound).aim(bound.target(key.name())));
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
      return evaluator.submit(() -> evaluate(message));
    } catch (RejectedExecutionException e) {
      return finish(message, null, List.of(new Failure(EVALUATION, "", overloaded())));
    }
  }

  private static String overloaded() {
    return "too many messages wait for functions of others";
  }

  private CompletionStage<Void> evaluate(Message message) {
    Evaluation evaluation = null;
    List<Failure> failures = new ArrayList<>();
    List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
    try {
      evaluation = program.statement().begin(message.payload().bytes(), context(message));
      if (!program.statement().matches(evaluation)) {
        return DONE;
      }
      counters.passed.increment();
      byte[] selected = program.statement().select(evaluation);
      Payload payload =
          selected == message.payload().bytes() ? message.payload() : Payload.of(selected);
      for (BoundAction bound : program.actions()) {
        act(bound, evaluation, payload, message, outcomes, failures);
      }
    } catch (EvaluationException e) {
      failures.add(new Failure(EVALUATION, "", String.valueOf(e.getMessage())));
    } catch (RuntimeException | StackOverflowError e) {
      failures.add(new Failure(EVALUATION, "", e.toString()));
    }
    return outcomes(message, evaluation, outcomes, failures);
  }

  private void act(
      BoundAction bound,
      Evaluation evaluation,
      Payload payload,
      Message message,
      List<CompletableFuture<Outcome>> outcomes,
      List<Failure> failures) {
    Map<String, String> rendered;
    try {
      rendered = bound.render(evaluation);
    } catch (EvaluationException e) {
      failures.add(new Failure(bound.failureName(), "", String.valueOf(e.getMessage())));
      return;
    }
    Parcel parcel = new Parcel(clock.millis(), rendered, payload, message);
    outcomes.add(lane(bound).deliver(parcel));
  }

  private CompletionStage<Void> outcomes(
      Message message,
      @Nullable Evaluation evaluation,
      List<CompletableFuture<Outcome>> outcomes,
      List<Failure> failures) {
    return CompletableFuture.allOf(outcomes.toArray(CompletableFuture<?>[]::new))
        .thenCompose(
            all -> {
              for (CompletableFuture<Outcome> outcome : outcomes) {
                if (outcome.join() instanceof Outcome.Failed failed) {
                  failures.add(failed.failure());
                }
              }
              return failures.isEmpty() ? DONE : finish(message, evaluation, failures);
            });
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
      evaluator.submit(() -> finish(message, null, List.of(failure)));
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
      return DONE;
    }
    Map<String, String> rendered;
    try {
      rendered = errorAction.render(evaluation == null ? again(message) : evaluation);
    } catch (RuntimeException e) {
      return errorActionFailed(
          message, new Failure(errorAction.failureName(), "", String.valueOf(e.getMessage())));
    }
    Payload report = FailureReport.of(key.name(), message, failures);
    return lane(errorAction)
        .deliver(new Parcel(clock.millis(), rendered, report, message))
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
        return program.statement().begin(payload, context(message));
      } catch (EvaluationException e) {
        LOG.debug(
            "event=rule_variables_undefined rule={} reason=\"{}\"", key.name(), e.getMessage());
      }
    }
    return program.statement().beginWithoutVariables(payload, context(message));
  }

  private CompletionStage<Void> errorActionFailed(Message message, Failure failure) {
    counters.errorActionsFailed.increment();
    log(message, failure);
    return DONE;
  }

  private void log(Message message, Failure failure) {
    long now = clock.millis();
    long next = nextLogMillis.get();
    if (now >= next && nextLogMillis.compareAndSet(next, now + LOG_EVERY_MILLIS)) {
      LOG.warn(
          "event=rule_action_failed rule={} topic={} trace={} action={} resource={} reason=\"{}\"",
          key.name(),
          message.topic(),
          message.traceId(),
          failure.failedAction(),
          failure.failedResource(),
          failure.errorMessage());
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
