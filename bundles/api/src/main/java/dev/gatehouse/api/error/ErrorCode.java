package dev.gatehouse.api.error;

import java.io.Serializable;

/**
 * An error of an AWS API. A bundle declares the errors that it alone raises; those that several
 * raise are here.
 *
 * @param awsName the name in {@code x-amzn-ErrorType}, such as {@code ResourceNotFoundException}
 * @param httpStatus 400 to 599
 * @param fault whose fault it is
 * @param queryName the name in forms' protocol and in XML, where it is neither the usual one nor
 *     {@code awsName} without {@code Exception}; else empty
 */
public record ErrorCode(String awsName, int httpStatus, Fault fault, String queryName)
    implements Serializable {
  /** The caller may not do it, as IAM and STS say it. */
  public static final ErrorCode ACCESS_DENIED = new ErrorCode("AccessDenied", 403, Fault.CLIENT);

  /** The session of the credentials has ended. */
  public static final ErrorCode EXPIRED_TOKEN =
      new ErrorCode("ExpiredTokenException", 403, Fault.CLIENT);

  /** The caller may not do it, as the data plane of AWS IoT says it. */
  public static final ErrorCode FORBIDDEN = new ErrorCode("ForbiddenException", 403, Fault.CLIENT);

  /** A fault of the gateway; the log has the details. */
  public static final ErrorCode INTERNAL_FAILURE =
      new ErrorCode("InternalFailureException", 500, Fault.SERVER);

  /** A request or a value in it is wrong. */
  public static final ErrorCode INVALID_REQUEST =
      new ErrorCode("InvalidRequestException", 400, Fault.CLIENT);

  /** The signature is not the one that the request should have. */
  public static final ErrorCode INVALID_SIGNATURE =
      new ErrorCode("InvalidSignatureException", 403, Fault.CLIENT);

  /** The signature is malformed or lacks a part. */
  public static final ErrorCode INCOMPLETE_SIGNATURE =
      new ErrorCode("IncompleteSignatureException", 400, Fault.CLIENT);

  /** There would be too many of something. */
  public static final ErrorCode LIMIT_EXCEEDED =
      new ErrorCode("LimitExceededException", 410, Fault.LIMIT);

  /** A document is no policy. */
  public static final ErrorCode MALFORMED_POLICY =
      new ErrorCode("MalformedPolicyException", 400, Fault.CLIENT);

  /** The request is not signed. */
  public static final ErrorCode MISSING_AUTHENTICATION_TOKEN =
      new ErrorCode("MissingAuthenticationTokenException", 403, Fault.CLIENT);

  /** AWS has it, this gateway does not, or not at the moment. */
  public static final ErrorCode NOT_IMPLEMENTED =
      new ErrorCode("NotImplementedException", 501, Fault.SERVER);

  /** The body is too large. */
  public static final ErrorCode REQUEST_ENTITY_TOO_LARGE =
      new ErrorCode("RequestEntityTooLargeException", 413, Fault.CLIENT);

  /** There is a resource of that name already. */
  public static final ErrorCode RESOURCE_ALREADY_EXISTS =
      new ErrorCode("ResourceAlreadyExistsException", 409, Fault.CLIENT);

  /** There is no such resource or operation. */
  public static final ErrorCode RESOURCE_NOT_FOUND =
      new ErrorCode("ResourceNotFoundException", 404, Fault.CLIENT);

  /** The call may succeed later. */
  public static final ErrorCode SERVICE_UNAVAILABLE =
      new ErrorCode("ServiceUnavailableException", 503, Fault.SERVER);

  /** Too many calls, as the control plane answers it. */
  public static final ErrorCode THROTTLING = new ErrorCode("ThrottlingException", 400, Fault.LIMIT);

  /** Too many calls, as the data plane answers it. */
  public static final ErrorCode DATA_THROTTLING =
      new ErrorCode("ThrottlingException", 429, Fault.LIMIT);

  /** The caller may not do it, as the control plane of AWS IoT says it. */
  public static final ErrorCode UNAUTHORIZED =
      new ErrorCode("UnauthorizedException", 401, Fault.CLIENT);

  /** The access key or the session token is not known. */
  public static final ErrorCode UNRECOGNIZED_CLIENT =
      new ErrorCode("UnrecognizedClientException", 403, Fault.CLIENT);

  /** Whose fault an error is: decides whether it is logged for an operator. */
  public enum Fault {
    CLIENT,
    SERVER,
    LIMIT
  }

  /** An error with the usual names. */
  public ErrorCode(String awsName, int httpStatus, Fault fault) {
    this(awsName, httpStatus, fault, "");
  }

  /** The same error with a name of its own in forms' protocol and in XML. */
  public ErrorCode inQuery(String name) {
    return new ErrorCode(awsName, httpStatus, fault, name);
  }

  /** Checks the status. */
  public ErrorCode {
    if (httpStatus < 400 || httpStatus > 599) {
      throw new IllegalArgumentException(
          "the status of " + awsName + " is " + httpStatus + ", not 400 to 599");
    }
  }
}
