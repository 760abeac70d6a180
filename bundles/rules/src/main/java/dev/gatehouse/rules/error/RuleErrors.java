package dev.gatehouse.rules.error;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ErrorCode.Fault;

/** The errors of rules beside the common ones. */
public final class RuleErrors {
  /** ConflictingResourceUpdateException. */
  public static final ErrorCode CONFLICTING_RESOURCE_UPDATE =
      new ErrorCode("ConflictingResourceUpdateException", 409, Fault.CLIENT);

  /** SqlParseException. */
  public static final ErrorCode SQL_PARSE = new ErrorCode("SqlParseException", 400, Fault.CLIENT);

  private RuleErrors() {}
}
