package dev.gatehouse.rules;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.message.Mailbox;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.MessageBus;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.rules.action.ActionInput;
import dev.gatehouse.api.rules.action.ActionSettings;
import dev.gatehouse.json.Json;
import dev.gatehouse.rules.ActionRunner.Failure;
import dev.gatehouse.rules.sql.Evaluation;
import dev.gatehouse.rules.sql.EvaluationException;
import dev.gatehouse.rules.sql.MessageContext;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One enabled rule at work. */
final class LiveRule implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveRule.class);
  private static final long LOG_EVERY_MILLIS = 10_000;

  private final RuleKey key;
  private final RuleProgram program;
  private final ActionRunner runner;
  private final RuleCounters counters;
  private final Clock clock;
  private final AtomicLong nextLogMillis = new AtomicLong(Long.MIN_VALUE);
  private MessageBus.@Nullable Subscription subscription;

  LiveRule(
      RuleKey key, RuleProgram program, ActionRunner runner, RuleCounters counters, Clock clock) {
    this.key = key;
    this.program = program;
    this.runner = runner;
    this.counters = counters;
    this.clock = clock;
  }

  /** Begins to receive; called once. */
  void open(MessageBus bus, int capacity) {
    if (program.filter() != null) {
      Mailbox mailbox = new Mailbox("rules-" + key.name(), capacity, Mailbox.Overflow.REFUSE, true);
      subscription = bus.subscribe(key.account(), program.filter(), mailbox, this::onMessage);
    }
  }

  List<String> missing() {
    return program.missing();
  }

  boolean uses(String actionType) {
    return program.all().anyMatch(bound -> bound.type().equals(actionType));
  }

  CompletionStage<Void> onMessage(Message message) {
    counters.matched.increment();
    Evaluation evaluation = null;
    List<CompletableFuture<Optional<Failure>>> outcomes = new ArrayList<>();
    try {
      evaluation = program.statement().begin(message.payload().bytes(), context(message));
      if (!program.statement().matches(evaluation)) {
        return CompletableFuture.completedFuture(null);
      }
      counters.passed.increment();
      Payload payload = Payload.of(program.statement().select(evaluation));
      for (BoundAction bound : program.actions()) {
        outcomes.add(act(bound, evaluation, payload, message));
      }
    } catch (EvaluationException e) {
      outcomes.add(failed(new Failure("SqlEvaluation", "", String.valueOf(e.getMessage()))));
    } catch (RuntimeException | StackOverflowError e) {
      outcomes.add(failed(new Failure("SqlEvaluation", "", e.toString())));
    }
    Evaluation done = evaluation;
    return CompletableFuture.allOf(outcomes.toArray(CompletableFuture<?>[]::new))
        .thenCompose(all -> finish(message, done, outcomes));
  }

  private CompletableFuture<Optional<Failure>> act(
      BoundAction bound, Evaluation evaluation, Payload payload, Message message) {
    ActionSettings settings;
    try {
      settings = bound.render(evaluation);
    } catch (EvaluationException e) {
      return failed(new Failure(bound.failureName(), "", String.valueOf(e.getMessage())));
    }
    return runner.run(bound, new ActionInput(key.name(), settings, payload, message));
  }

  private static CompletableFuture<Optional<Failure>> failed(Failure failure) {
    return CompletableFuture.completedFuture(Optional.of(failure));
  }

  private CompletionStage<Void> finish(
      Message message,
      @Nullable Evaluation evaluation,
      List<CompletableFuture<Optional<Failure>>> outcomes) {
    List<Failure> failures =
        outcomes.stream().map(CompletableFuture::join).flatMap(Optional::stream).toList();
    counters.succeeded.add(outcomes.size() - failures.size());
    if (failures.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    counters.failed.add(failures.size());
    failures.forEach(failure -> log(message, failure));
    BoundAction errorAction = program.errorAction();
    if (errorAction == null || evaluation == null) {
      return CompletableFuture.completedFuture(null);
    }
    return act(errorAction, evaluation, report(message, failures), message)
        .thenAccept(
            outcome -> {
              if (outcome.isPresent()) {
                counters.errorActionsFailed.increment();
                log(message, outcome.get());
              }
            });
  }

  /** The message of an error action. */
  private Payload report(Message message, List<Failure> failures) {
    ObjectNode root =
        Json.object()
            .put("ruleName", key.name())
            .put("topic", message.topic().value())
            .put("cloudwatchTraceId", message.traceId().toString())
            .put("clientId", message.origin().clientId())
            .put(
                "base64OriginalPayload",
                Base64.getEncoder().encodeToString(message.payload().bytes()));
    ArrayNode list = root.putArray("failures");
    for (Failure failure : failures) {
      list.addObject()
          .put("failedAction", failure.failedAction())
          .put("failedResource", failure.failedResource())
          .put("errorMessage", failure.errorMessage());
    }
    return Payload.of(Json.bytes(root));
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

  @Override
  public void close() {
    if (subscription != null) {
      subscription.close();
    }
    program.close();
  }
}
