package dev.gatehouse.registry;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ErrorCode.Fault;

/** The errors of the registry beside the common ones. */
final class RegistryErrors {
  static final ErrorCode VERSION_CONFLICT =
      new ErrorCode("VersionConflictException", 409, Fault.CLIENT);
  static final ErrorCode NOT_CONFIGURED =
      new ErrorCode("NotConfiguredException", 404, Fault.CLIENT);

  private RegistryErrors() {}
}
