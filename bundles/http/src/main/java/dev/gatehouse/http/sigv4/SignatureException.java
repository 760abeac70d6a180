package dev.gatehouse.http.sigv4;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;

/** Makes the errors of this package. */
final class SignatureException {
  private SignatureException() {}

  static ServiceException incomplete(String message) {
    return new ServiceException(ErrorCode.INCOMPLETE_SIGNATURE, message);
  }

  static ServiceException invalid(String message) {
    return new ServiceException(ErrorCode.INVALID_SIGNATURE, message);
  }
}
