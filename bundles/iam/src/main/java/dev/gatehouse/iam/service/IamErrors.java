package dev.gatehouse.iam.service;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ErrorCode.Fault;

/** The errors of IAM and STS beside the common ones. */
public final class IamErrors {
  /** Something still hangs on an IAM entity. */
  public static final ErrorCode DELETE_CONFLICT =
      new ErrorCode("DeleteConflict", 409, Fault.CLIENT);

  /** There is an IAM entity of that name already. */
  public static final ErrorCode ENTITY_ALREADY_EXISTS =
      new ErrorCode("EntityAlreadyExists", 409, Fault.CLIENT);

  /** A wrong value, as IAM says it. */
  public static final ErrorCode INVALID_INPUT = new ErrorCode("InvalidInput", 400, Fault.CLIENT);

  /** Too many of an IAM entity. */
  public static final ErrorCode LIMIT_EXCEEDED = new ErrorCode("LimitExceeded", 409, Fault.LIMIT);

  /** A document is no policy, as IAM says it. */
  public static final ErrorCode MALFORMED_POLICY_DOCUMENT =
      new ErrorCode("MalformedPolicyDocument", 400, Fault.CLIENT);

  /** There is no IAM entity of that name. */
  public static final ErrorCode NO_SUCH_ENTITY = new ErrorCode("NoSuchEntity", 404, Fault.CLIENT);

  /** The policies of a session do not fit into its token. */
  public static final ErrorCode PACKED_POLICY_TOO_LARGE =
      new ErrorCode("PackedPolicyTooLarge", 400, Fault.CLIENT);

  /** What IAM has made may not be changed. */
  public static final ErrorCode UNMODIFIABLE_ENTITY =
      new ErrorCode("UnmodifiableEntity", 400, Fault.CLIENT);

  private IamErrors() {}
}
