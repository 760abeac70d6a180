package dev.gatehouse.api.store;

import org.jspecify.annotations.Nullable;

/** The store cannot write, or cannot read an entry, at this moment. */
public final class StoreUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean outcomeUnknown;

  /** A failure with the operating system's reason. */
  public StoreUnavailableException(
      String message, boolean outcomeUnknown, @Nullable Throwable cause) {
    super(message, cause);
    this.outcomeUnknown = outcomeUnknown;
  }

  /** True if the data may or may not be there after a restart (a sync that failed). */
  public boolean outcomeUnknown() {
    return outcomeUnknown;
  }
}
