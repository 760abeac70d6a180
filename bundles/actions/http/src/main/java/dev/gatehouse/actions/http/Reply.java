package dev.gatehouse.actions.http;

import dev.gatehouse.api.rules.action.ActionFailure;
import org.jspecify.annotations.Nullable;

/**
 * A server's answer.
 *
 * @param status such as 200
 */
record Reply(int status) {
  private static final int TOO_LATE = 408;
  private static final int TOO_MANY = 429;

  /** Null for 2xx. A server that is busy, late or broken may take the message later. */
  @Nullable ActionFailure failure() {
    if (status / 100 == 2) {
      return null;
    }
    boolean retryable = status / 100 == 5 || status == TOO_LATE || status == TOO_MANY;
    return new ActionFailure("the server answered " + status + ", not 2xx", retryable, null);
  }
}
