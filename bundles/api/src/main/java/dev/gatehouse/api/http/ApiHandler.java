package dev.gatehouse.api.http;

import java.util.concurrent.CompletionStage;

/** Does one operation. */
@FunctionalInterface
public interface ApiHandler {

  /**
   * Handles an authenticated, authorised call on a worker thread.
   *
   * @return completes with the answer once what it says is durable; a {@link
   *     dev.gatehouse.api.error.ServiceException}, thrown or in the stage, becomes an AWS error,
   *     any other exception an InternalFailureException
   */
  CompletionStage<ApiResponse> handle(ApiRequest request);
}
