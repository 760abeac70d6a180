package dev.gatehouse.shadow;

/** A request that is refused, with a code and text of the guide's table (Device Shadow Errors). */
final class ShadowError extends Exception {
  private static final long serialVersionUID = 1L;

  private final int code;

  ShadowError(int code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  int code() {
    return code;
  }

  /** The text, never null. */
  String text() {
    return String.valueOf(getMessage());
  }
}
