package dev.gatehouse.shadow;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ErrorCode.Fault;

/** The errors of shadows beside the common ones. */
final class ShadowErrors {
  static final ErrorCode CONFLICT = new ErrorCode("ConflictException", 409, Fault.CLIENT);
  static final ErrorCode UNSUPPORTED_DOCUMENT_ENCODING =
      new ErrorCode("UnsupportedDocumentEncodingException", 415, Fault.CLIENT);

  private ShadowErrors() {}
}
