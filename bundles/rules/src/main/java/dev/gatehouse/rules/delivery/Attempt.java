package dev.gatehouse.rules.delivery;

import dev.gatehouse.api.rules.action.ActionFailure;
import dev.gatehouse.api.rules.action.ActionInput;
import java.time.Duration;
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
  private Attempt() {}

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
    CompletableFuture<@Nullable Problem> outcome = new CompletableFuture<>();
    String late = "not done within " + timeout.toMillis() + " ms";
    FutureTask<Void> task = new FutureTask<>(() -> execute(target, parcel, outcome), null);
    try {
      ScheduledFuture<?> end =
          timer.schedule(
              () -> outcome.complete(problem(target, "", late, true)),
              timeout.toMillis(),
              TimeUnit.MILLISECONDS);
      outcome.whenComplete(
          (problem, error) -> {
            end.cancel(false);
            task.cancel(true); // a thread that still waits in the action
          });
      executor.execute(task);
    } catch (RejectedExecutionException e) {
      outcome.complete(problem(target, "", "the rules engine is stopping", true));
    }
    return outcome;
  }

  private static void execute(
      Target target, Parcel parcel, CompletableFuture<@Nullable Problem> outcome) {
    CompletionStage<Void> stage;
    try {
      stage =
          target
              .action()
              .execute(
                  new ActionInput(
                      target.ruleName(),
                      target.settings(parcel),
                      parcel.payload(),
                      parcel.message()));
    } catch (RuntimeException | LinkageError e) {
      stage = CompletableFuture.failedFuture(e);
    }
    stage.whenComplete(
        (nothing, error) -> outcome.complete(error == null ? null : problem(target, error)));
  }

  private static Problem problem(Target target, Throwable error) {
    Throwable cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    if (cause instanceof ActionFailure failure) {
      return problem(
          target, failure.resource(), String.valueOf(failure.getMessage()), failure.retryable());
    }
    // a bundle that is being updated does not link for a moment
    return problem(target, "", cause.toString(), cause instanceof LinkageError);
  }

  private static Problem problem(
      Target target, String resource, String message, boolean retryable) {
    return new Problem(new Failure(target.failureName(), resource, message), retryable);
  }
}
