package dev.gatehouse.rules.sql;

/** A statement that cannot be evaluated for this message: too much work, or a failed call. */
public final class EvaluationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean limit;

  /** With what went wrong. */
  public EvaluationException(String message) {
    this(message, false);
  }

  private EvaluationException(String message, boolean limit) {
    super(message, null, false, false);
    this.limit = limit;
  }

  /** The message costs more than one may; {@code get_or_default} does not catch it. */
  static EvaluationException limit(String message) {
    return new EvaluationException(message, true);
  }

  boolean isLimit() {
    return limit;
  }
}
