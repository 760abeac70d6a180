package dev.gatehouse.api.rules.action;

import org.jspecify.annotations.Nullable;

/** An action that did not happen. */
public final class ActionFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String resource;
  private final boolean retryable;

  /**
   * A failure.
   *
   * @param resource what it was to act on, such as a bucket or a topic
   * @param retryable whether trying again later may help
   */
  public ActionFailure(
      String resource, String message, boolean retryable, @Nullable Throwable cause) {
    super(message, cause);
    this.resource = resource;
    this.retryable = retryable;
  }

  /** What it was to act on. */
  public String resource() {
    return resource;
  }

  /** Whether trying again later may help. */
  public boolean retryable() {
    return retryable;
  }
}
