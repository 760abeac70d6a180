package dev.gatehouse.api.rules.action;

import org.jspecify.annotations.Nullable;

/** An action that did not happen. The engine adds the resource that the action's target names. */
public final class ActionFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean retryable;

  /**
   * A failure.
   *
   * @param message the target's own words, for the error action
   * @param retryable whether trying again later may help
   */
  public ActionFailure(String message, boolean retryable, @Nullable Throwable cause) {
    super(message, cause);
    this.retryable = retryable;
  }

  /** Whether trying again later may help. */
  public boolean retryable() {
    return retryable;
  }
}
