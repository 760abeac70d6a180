package dev.gatehouse.http.protocol;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.AwsProtocol;
import dev.gatehouse.api.http.AwsService;
import java.util.Map;
import java.util.Set;

/** The names that protocols have for the common errors. */
final class ErrorNames {
  /** A body that cannot be decoded. */
  static final ErrorCode SERIALIZATION =
      new ErrorCode("SerializationException", 400, ErrorCode.Fault.CLIENT);

  private static final String SUFFIX = "Exception";
  private static final Set<ErrorCode> DENIED =
      Set.of(ErrorCode.UNAUTHORIZED, ErrorCode.FORBIDDEN, ErrorCode.ACCESS_DENIED);

  /** The older services have names of their own for what goes wrong before an operation. */
  private static final Map<ErrorCode, String> IN_QUERY =
      Map.of(
          ErrorCode.UNAUTHORIZED, "AccessDenied",
          ErrorCode.FORBIDDEN, "AccessDenied",
          ErrorCode.INVALID_SIGNATURE, "SignatureDoesNotMatch",
          ErrorCode.UNRECOGNIZED_CLIENT, "InvalidClientTokenId",
          ErrorCode.INVALID_REQUEST, "ValidationError");

  /** S3 has other names than the services of forms. */
  private static final Map<ErrorCode, String> IN_XML =
      Map.of(
          ErrorCode.UNAUTHORIZED, "AccessDenied",
          ErrorCode.FORBIDDEN, "AccessDenied",
          ErrorCode.MISSING_AUTHENTICATION_TOKEN, "AccessDenied",
          ErrorCode.INVALID_SIGNATURE, "SignatureDoesNotMatch",
          ErrorCode.UNRECOGNIZED_CLIENT, "InvalidAccessKeyId",
          ErrorCode.REQUEST_ENTITY_TOO_LARGE, "EntityTooLarge",
          ErrorCode.INTERNAL_FAILURE, "InternalError",
          ErrorCode.THROTTLING, "SlowDown");

  private ErrorNames() {}

  static String inJson(ErrorCode code) {
    return DENIED.contains(code) ? "AccessDeniedException" : code.awsName();
  }

  /** AWS's JSON and CBOR protocols answer 400 to whatever is a client's fault. */
  static int statusInJson(ErrorCode code) {
    int status = code.httpStatus();
    return status >= 500 || status == 413 ? status : 400;
  }

  static String inQuery(ErrorCode code) {
    return code.queryName().isEmpty()
        ? plain(IN_QUERY.getOrDefault(code, code.awsName()))
        : code.queryName();
  }

  static String inXml(ErrorCode code) {
    return code.queryName().isEmpty()
        ? plain(IN_XML.getOrDefault(code, code.awsName()))
        : code.queryName();
  }

  private static String plain(String name) {
    return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
  }

  /** {@code __type} of an error's body. */
  static String type(AwsService service, ErrorCode code) {
    String namespace = service.wire().errorNamespace();
    return namespace.isEmpty() ? inJson(code) : namespace + "#" + inJson(code);
  }

  /**
   * Headers of an error. Clients that were written for a service's forms still look for the names
   * of errors that those have (Smithy: awsQueryCompatible).
   */
  static Map<String, String> headers(AwsService service, ServiceException error, String type) {
    String name = inJson(error.code());
    return service.speaks(AwsProtocol.QUERY)
        ? Map.of(
            "content-type",
            type,
            "x-amzn-ErrorType",
            name,
            "x-amzn-query-error",
            inQuery(error.code()) + ";" + sender(error.code()))
        : Map.of("content-type", type, "x-amzn-ErrorType", name);
  }

  /** Whose fault it is, in the words of the query protocol. */
  static String sender(ErrorCode code) {
    return code.fault() == ErrorCode.Fault.SERVER ? "Receiver" : "Sender";
  }
}
