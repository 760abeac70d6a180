package dev.gatehouse.rules.sql;

/** A statement that can not be evaluated for this message: too much work, or a failed call. */
public final class EvaluationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what went wrong. */
  public EvaluationException(String message) {
    super(message, null, false, false);
  }
}
