package dev.gatehouse.iam.service;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ErrorCode.Fault;

/** The errors of Cognito's identity pools beside the common ones. */
public final class CognitoErrors {
  /** A role of a pool is absent or does not let the pool's identities take it. */
  public static final ErrorCode INVALID_IDENTITY_POOL_CONFIGURATION =
      new ErrorCode("InvalidIdentityPoolConfigurationException", 400, Fault.CLIENT);

  /** A wrong value, as Cognito says it. */
  public static final ErrorCode INVALID_PARAMETER =
      new ErrorCode("InvalidParameterException", 400, Fault.CLIENT);

  /** What a stranger shows Cognito does not prove who it is. */
  public static final ErrorCode NOT_AUTHORIZED =
      new ErrorCode("NotAuthorizedException", 400, Fault.CLIENT);

  private CognitoErrors() {}
}
