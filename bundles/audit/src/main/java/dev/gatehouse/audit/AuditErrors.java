package dev.gatehouse.audit;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ErrorCode.Fault;

/** The errors of the audit trail beside the common ones. */
final class AuditErrors {
  /** A look-up of the audit trail by something that it cannot look up by. */
  static final ErrorCode INVALID_LOOKUP_ATTRIBUTES =
      new ErrorCode("InvalidLookupAttributesException", 400, Fault.CLIENT);

  /** A page of the audit trail that is too large, or none. */
  static final ErrorCode INVALID_MAX_RESULTS =
      new ErrorCode("InvalidMaxResultsException", 400, Fault.CLIENT);

  /** A token that no page of the audit trail came with. */
  static final ErrorCode INVALID_NEXT_TOKEN =
      new ErrorCode("InvalidNextTokenException", 400, Fault.CLIENT);

  /** A look-up of the audit trail whose end is before its start. */
  static final ErrorCode INVALID_TIME_RANGE =
      new ErrorCode("InvalidTimeRangeException", 400, Fault.CLIENT);

  private AuditErrors() {}
}
