package dev.gatehouse.identity;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ErrorCode.Fault;

/** The errors of certificates and policies beside the common ones. */
final class IdentityErrors {
  static final ErrorCode CERTIFICATE_CONFLICT =
      new ErrorCode("CertificateConflictException", 409, Fault.CLIENT);
  static final ErrorCode CERTIFICATE_STATE =
      new ErrorCode("CertificateStateException", 406, Fault.CLIENT);
  static final ErrorCode CERTIFICATE_VALIDATION =
      new ErrorCode("CertificateValidationException", 400, Fault.CLIENT);
  static final ErrorCode DELETE_CONFLICT =
      new ErrorCode("DeleteConflictException", 409, Fault.CLIENT);
  static final ErrorCode REGISTRATION_CODE_VALIDATION =
      new ErrorCode("RegistrationCodeValidationException", 400, Fault.CLIENT);
  static final ErrorCode TRANSFER_ALREADY_COMPLETED =
      new ErrorCode("TransferAlreadyCompletedException", 410, Fault.CLIENT);
  static final ErrorCode TRANSFER_CONFLICT =
      new ErrorCode("TransferConflictException", 409, Fault.CLIENT);
  static final ErrorCode VERSIONS_LIMIT_EXCEEDED =
      new ErrorCode("VersionsLimitExceededException", 409, Fault.LIMIT);

  private IdentityErrors() {}
}
