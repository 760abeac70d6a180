package dev.gatehouse.api.error;

/** The errors of the AWS APIs: the name on the wire and the HTTP status that goes with it. */
public enum ErrorCode {
  /** The caller may not do it, as IAM and STS say it. */
  ACCESS_DENIED("AccessDenied", 403, Fault.CLIENT),
  CERTIFICATE_CONFLICT("CertificateConflictException", 409, Fault.CLIENT),
  CERTIFICATE_STATE("CertificateStateException", 406, Fault.CLIENT),
  CERTIFICATE_VALIDATION("CertificateValidationException", 400, Fault.CLIENT),
  CONFLICT("ConflictException", 409, Fault.CLIENT),
  CONFLICTING_RESOURCE_UPDATE("ConflictingResourceUpdateException", 409, Fault.CLIENT),
  DELETE_CONFLICT("DeleteConflictException", 409, Fault.CLIENT),
  /** Something still hangs on an IAM entity. */
  IAM_DELETE_CONFLICT("DeleteConflict", 409, Fault.CLIENT),
  /** There is an IAM entity of that name already. */
  ENTITY_ALREADY_EXISTS("EntityAlreadyExists", 409, Fault.CLIENT),
  EXPIRED_TOKEN("ExpiredTokenException", 403, Fault.CLIENT),
  FORBIDDEN("ForbiddenException", 403, Fault.CLIENT),
  INTERNAL_FAILURE("InternalFailureException", 500, Fault.SERVER),
  /** A wrong value, as IAM says it. */
  INVALID_INPUT("InvalidInput", 400, Fault.CLIENT),
  /** A role of a pool is absent or does not let the pool's identities take it. */
  INVALID_IDENTITY_POOL_CONFIGURATION(
      "InvalidIdentityPoolConfigurationException", 400, Fault.CLIENT),
  /** A look-up of the audit trail by something that it cannot look up by. */
  INVALID_LOOKUP_ATTRIBUTES("InvalidLookupAttributesException", 400, Fault.CLIENT),
  /** A page of the audit trail that is too large, or none. */
  INVALID_MAX_RESULTS("InvalidMaxResultsException", 400, Fault.CLIENT),
  /** A token that no page of the audit trail came with. */
  INVALID_NEXT_TOKEN("InvalidNextTokenException", 400, Fault.CLIENT),
  /** A look-up of the audit trail whose end is before its start. */
  INVALID_TIME_RANGE("InvalidTimeRangeException", 400, Fault.CLIENT),
  /** A wrong value, as Cognito says it. */
  INVALID_PARAMETER("InvalidParameterException", 400, Fault.CLIENT),
  INVALID_REQUEST("InvalidRequestException", 400, Fault.CLIENT),
  INVALID_SIGNATURE("InvalidSignatureException", 403, Fault.CLIENT),
  INCOMPLETE_SIGNATURE("IncompleteSignatureException", 400, Fault.CLIENT),
  /** Too many of an IAM entity. */
  IAM_LIMIT_EXCEEDED("LimitExceeded", 409, Fault.LIMIT),
  LIMIT_EXCEEDED("LimitExceededException", 410, Fault.LIMIT),
  MALFORMED_POLICY("MalformedPolicyException", 400, Fault.CLIENT),
  /** IAM's {@link #MALFORMED_POLICY}. */
  MALFORMED_POLICY_DOCUMENT("MalformedPolicyDocument", 400, Fault.CLIENT),
  METHOD_NOT_ALLOWED("MethodNotAllowedException", 405, Fault.CLIENT),
  MISSING_AUTHENTICATION_TOKEN("MissingAuthenticationTokenException", 403, Fault.CLIENT),
  /** There is no IAM entity of that name. */
  NO_SUCH_ENTITY("NoSuchEntity", 404, Fault.CLIENT),
  /** What a stranger shows Cognito does not prove who it is. */
  NOT_AUTHORIZED("NotAuthorizedException", 400, Fault.CLIENT),
  NOT_CONFIGURED("NotConfiguredException", 404, Fault.CLIENT),
  NOT_IMPLEMENTED("NotImplementedException", 501, Fault.SERVER),
  /** The policies of a session do not fit into its token. */
  PACKED_POLICY_TOO_LARGE("PackedPolicyTooLarge", 400, Fault.CLIENT),
  REGISTRATION_CODE_VALIDATION("RegistrationCodeValidationException", 400, Fault.CLIENT),
  REQUEST_ENTITY_TOO_LARGE("RequestEntityTooLargeException", 413, Fault.CLIENT),
  RESOURCE_ALREADY_EXISTS("ResourceAlreadyExistsException", 409, Fault.CLIENT),
  RESOURCE_NOT_FOUND("ResourceNotFoundException", 404, Fault.CLIENT),
  SERVICE_UNAVAILABLE("ServiceUnavailableException", 503, Fault.SERVER),
  SQL_PARSE("SqlParseException", 400, Fault.CLIENT),
  /** Too many calls, as the control plane answers it. */
  THROTTLING("ThrottlingException", 400, Fault.LIMIT),
  /** Too many calls, as the data plane answers it. */
  DATA_THROTTLING("ThrottlingException", 429, Fault.LIMIT),
  TRANSFER_ALREADY_COMPLETED("TransferAlreadyCompletedException", 410, Fault.CLIENT),
  TRANSFER_CONFLICT("TransferConflictException", 409, Fault.CLIENT),
  UNAUTHORIZED("UnauthorizedException", 401, Fault.CLIENT),
  /** What IAM has made may not be changed. */
  UNMODIFIABLE_ENTITY("UnmodifiableEntity", 400, Fault.CLIENT),
  UNRECOGNIZED_CLIENT("UnrecognizedClientException", 403, Fault.CLIENT),
  UNSUPPORTED_DOCUMENT_ENCODING("UnsupportedDocumentEncodingException", 415, Fault.CLIENT),
  VERSION_CONFLICT("VersionConflictException", 409, Fault.CLIENT),
  VERSIONS_LIMIT_EXCEEDED("VersionsLimitExceededException", 409, Fault.LIMIT);

  /** Whose fault an error is: decides whether it is logged for an operator. */
  public enum Fault {
    CLIENT,
    SERVER,
    LIMIT
  }

  private final String awsName;
  private final int httpStatus;
  private final Fault fault;

  ErrorCode(String awsName, int httpStatus, Fault fault) {
    this.awsName = awsName;
    this.httpStatus = httpStatus;
    this.fault = fault;
  }

  /** The name in {@code x-amzn-ErrorType}, such as {@code ResourceNotFoundException}. */
  public String awsName() {
    return awsName;
  }

  /** The HTTP status, 400 to 599. */
  public int httpStatus() {
    return httpStatus;
  }

  /** Whose fault it is. */
  public Fault fault() {
    return fault;
  }
}
