package dev.gatehouse.rules.delivery;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.rules.action.ActionFailure;
import dev.gatehouse.api.rules.action.ActionInput;
import dev.gatehouse.api.rules.action.ActionSettings;
import dev.gatehouse.api.rules.action.ActionTarget;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One try of one action: it ends, if only by its time-out, and never throws. */
final class Attempt {
  private final Target target;
  private final Parcel parcel;
  private final CompletableFuture<@Nullable Problem> outcome = new CompletableFuture<>();
  private volatile String resource = ""; // known once the settings are expanded

  private Attempt(Target target, Parcel parcel) {
    this.target = target;
    this.parcel = parcel;
  }

  /**
   * Whether and how it failed.
   *
   * @param retryable whether it may pass
   */
  record Problem(Failure failure, boolean retryable) {}

  /** Completes with the problem, null if there is none. */
  static CompletableFuture<@Nullable Problem> start(
      Target target,
      Parcel parcel,
      Executor executor,
      ScheduledExecutorService timer,
      Duration timeout) {
    return new Attempt(target, parcel).start(executor, timer, timeout);
  }

  private CompletableFuture<@Nullable Problem> start(
      Executor executor, ScheduledExecutorService timer, Duration timeout) {
    String late = "not done within " + timeout.toMillis() + " ms";
    FutureTask<Void> task = new FutureTask<>(this::execute, null);
    try {
      ScheduledFuture<?> end =
          timer.schedule(
              () -> outcome.complete(problem(late, true)),
              timeout.toMillis(),
              TimeUnit.MILLISECONDS);
      outcome.whenComplete(
          (problem, error) -> {
            end.cancel(false);
            task.cancel(true); // a thread that still waits in the action
          });
      executor.execute(task);
    } catch (RejectedExecutionException e) {
      outcome.complete(problem("the rules engine is stopping", true));
    }
    return outcome;
  }

  private void execute() {
    CompletionStage<Void> stage;
    try {
      stage = target.action().execute(input());
    } catch (RuntimeException | LinkageError e) {
      stage = CompletableFuture.failedFuture(e);
    }
    stage.whenComplete((nothing, error) -> outcome.complete(error == null ? null : problem(error)));
  }

  /** The expanded settings, for which the rule's role has the rights. */
  private ActionInput input() {
    ActionSettings settings = target.expansion().apply(parcel.rendered());
    ActionTarget named = target.action().target(settings);
    resource = named.name();
    Optional<Principal.RoleSession> actor =
        target.actor().session(parcel.message().account(), named);
    return new ActionInput(settings, parcel.payload(), parcel.message(), named, actor);
  }

  private Problem problem(Throwable error) {
    Throwable cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    String message = String.valueOf(cause.getMessage());
    if (cause instanceof ActionFailure failure) {
      return problem(message, failure.retryable());
    }
    if (cause instanceof ServiceException refused) {
      return problem(message, refused.code().equals(ErrorCode.SERVICE_UNAVAILABLE));
    }
    if (cause instanceof IllegalArgumentException) {
      return problem(message, false);
    }
    // a bundle that is being updated does not link for a moment
    return problem(cause.toString(), cause instanceof LinkageError);
  }

  private Problem problem(String message, boolean retryable) {
    return new Problem(new Failure(target.failureName(), resource, message), retryable);
  }
}
