package dev.gatehouse.identity;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.store.StoreConflictException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Does a change again, from its reading on, when another one came between. */
final class Conflicts {
  private static final int ATTEMPTS = 20;

  private Conflicts() {}

  /**
   * Retries a read-modify-write.
   *
   * @param change reads, checks, and commits with expectations; may throw ServiceException
   * @return completes as the last attempt; SERVICE_UNAVAILABLE if none of twenty got through
   */
  static <T> CompletionStage<T> retried(Supplier<CompletionStage<T>> change) {
    return attempt(ATTEMPTS, change);
  }

  private static <T> CompletionStage<T> attempt(int left, Supplier<CompletionStage<T>> change) {
    return change
        .get()
        .handle(
            (value, failure) -> {
              if (failure == null) {
                return CompletableFuture.completedStage(value);
              }
              Throwable cause =
                  failure instanceof CompletionException wrapper && wrapper.getCause() != null
                      ? wrapper.getCause()
                      : failure;
              if (!(cause instanceof StoreConflictException)) {
                return CompletableFuture.<T>failedStage(cause);
              }
              return left > 1
                  ? attempt(left - 1, change)
                  : CompletableFuture.<T>failedStage(
                      new ServiceException(
                          ErrorCode.SERVICE_UNAVAILABLE,
                          "others change the same all the time; try again"));
            })
        .thenCompose(stage -> stage);
  }
}
