package dev.gatehouse.rules;

import dev.gatehouse.api.rules.action.ActionFailure;
import dev.gatehouse.api.rules.action.ActionInput;
import dev.gatehouse.api.rules.action.RuleAction;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Runs one action with its time-out and retries; the outcome is a value, never an exception. */
final class ActionRunner {
  private final RulesConfig config;
  private final ExecutorService executor;
  private final ScheduledExecutorService scheduler;

  ActionRunner(RulesConfig config, ExecutorService executor, ScheduledExecutorService scheduler) {
    this.config = config;
    this.executor = executor;
    this.scheduler = scheduler;
  }

  /** Completes with the failure, if any. */
  CompletableFuture<Optional<Failure>> run(BoundAction bound, ActionInput input) {
    RuleAction action = bound.action();
    if (action == null) {
      return done(
          new Failure(
              bound.failureName(), "", "no bundle here provides the action type " + bound.type()));
    }
    CompletableFuture<Optional<Failure>> outcome = new CompletableFuture<>();
    Failure late =
        new Failure(
            bound.failureName(),
            "",
            "not done within " + config.actionTimeout().toMillis() + " ms");
    try {
      ScheduledFuture<?> timer =
          scheduler.schedule(
              () -> outcome.complete(Optional.of(late)),
              config.actionTimeout().toMillis(),
              TimeUnit.MILLISECONDS);
      outcome.whenComplete((failure, error) -> timer.cancel(false));
      attempt(new Run(bound, action, input, outcome), 1);
    } catch (RejectedExecutionException e) {
      return done(new Failure(bound.failureName(), "", "the rules engine is stopping"));
    }
    return outcome;
  }

  private static CompletableFuture<Optional<Failure>> done(Failure failure) {
    return CompletableFuture.completedFuture(Optional.of(failure));
  }

  private void attempt(Run run, int number) {
    if (run.outcome.isDone()) {
      return;
    }
    try {
      Future<?> task = executor.submit(() -> execute(run, number));
      run.outcome.whenComplete((failure, error) -> task.cancel(true));
    } catch (RejectedExecutionException e) {
      run.fail("", "the queue of " + config.actionQueue() + " waiting actions is full");
    }
  }

  private void execute(Run run, int number) {
    CompletionStage<Void> stage;
    try {
      stage = run.action.execute(run.input);
    } catch (RuntimeException | LinkageError e) {
      stage = CompletableFuture.failedFuture(e);
    }
    stage.whenComplete(
        (nothing, error) -> {
          if (error == null) {
            run.outcome.complete(Optional.empty());
          } else {
            failed(run, number, error);
          }
        });
  }

  private void failed(Run run, int number, Throwable error) {
    Throwable cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    if (!(cause instanceof ActionFailure failure)) {
      run.fail("", cause.toString());
      return;
    }
    if (!failure.retryable() || number >= config.attempts()) {
      run.fail(failure.resource(), String.valueOf(failure.getMessage()));
      return;
    }
    try {
      scheduler.schedule(
          () -> attempt(run, number + 1),
          config.retryDelay().toMillis() << (number - 1),
          TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      run.fail(failure.resource(), String.valueOf(failure.getMessage()));
    }
  }

  /** What an error action's message says of one action. */
  record Failure(String failedAction, String failedResource, String errorMessage) {}

  private record Run(
      BoundAction bound,
      RuleAction action,
      ActionInput input,
      CompletableFuture<Optional<Failure>> outcome) {
    void fail(String resource, String message) {
      outcome.complete(Optional.of(new Failure(bound.failureName(), resource, message)));
    }
  }
}
