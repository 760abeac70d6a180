package dev.gatehouse.api.error;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A call that failed for a reason its caller is told. The message says what was wrong, the value
 * and what would be right; it never holds a secret or a payload.
 */
public final class ServiceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final transient Map<String, String> members;

  /** An error without further members. */
  public ServiceException(ErrorCode code, String message) {
    this(code, message, Map.of(), null);
  }

  /** An error caused by another. */
  public ServiceException(ErrorCode code, String message, Throwable cause) {
    this(code, message, Map.of(), cause);
  }

  /**
   * An error with members of its own beside {@code message}, such as {@code resourceArn} of {@code
   * ResourceAlreadyExistsException}.
   */
  public ServiceException(
      ErrorCode code, String message, Map<String, String> members, @Nullable Throwable cause) {
    // A client's mistake needs no stack trace: it says where in the request it was made.
    super(message, cause, false, code.fault() == ErrorCode.Fault.SERVER);
    this.code = code;
    this.members = Map.copyOf(members);
  }

  /** The error's code. */
  public ErrorCode code() {
    return code;
  }

  /** Further members of the error's body, by wire name. */
  public Map<String, String> members() {
    return members;
  }

  /** The message, never null. */
  @Override
  public String getMessage() {
    String message = super.getMessage();
    return message == null ? code.awsName() : message;
  }
}
