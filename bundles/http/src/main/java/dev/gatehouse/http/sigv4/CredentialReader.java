package dev.gatehouse.http.sigv4;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the signature off a request and refuses what is not whole or not canonical. */
final class CredentialReader {
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final long MAX_EXPIRES = 604_800;
  private static final String WEB_SOCKET_EXPIRES = "300";

  private CredentialReader() {}

  static Credential read(SignedRequest request, List<QueryString.Parameter> query) {
    List<String> authorization = request.headers().getOrDefault("authorization", List.of());
    boolean inQuery = query.stream().anyMatch(p -> p.name().equalsIgnoreCase("X-Amz-Signature"));
    if (authorization.isEmpty() && !inQuery) {
      throw new ServiceException(
          ErrorCode.MISSING_AUTHENTICATION_TOKEN, "the request is not signed");
    }
    if (authorization.size() > 1 || (!authorization.isEmpty() && inQuery)) {
      throw SignatureException.incomplete("the request is signed more than once");
    }
    return inQuery ? fromQuery(request, query) : fromHeader(request, authorization.get(0));
  }

  private static Credential fromHeader(SignedRequest request, String header) {
    if (!header.startsWith(ALGORITHM + " ")) {
      throw SignatureException.incomplete("the Authorization header must begin with " + ALGORITHM);
    }
    Map<String, String> parts = new HashMap<>();
    for (String part : header.substring(ALGORITHM.length() + 1).split(",")) {
      int equals = part.indexOf('=');
      if (equals < 0
          || parts.put(part.substring(0, equals).trim(), part.substring(equals + 1).trim())
              != null) {
        throw SignatureException.incomplete("the Authorization header is malformed");
      }
    }
    String timestamp = single(request, "x-amz-date");
    return credential(
        required(parts, "Credential"),
        required(parts, "SignedHeaders"),
        required(parts, "Signature"),
        timestamp,
        optional(request, "x-amz-security-token"),
        false,
        0);
  }

  private static Credential fromQuery(SignedRequest request, List<QueryString.Parameter> query) {
    Map<String, String> parts = new HashMap<>();
    for (QueryString.Parameter parameter : query) {
      if (parameter.name().startsWith("X-Amz-")
          && parts.put(parameter.name(), parameter.value()) != null) {
        throw SignatureException.incomplete(parameter.name() + " is given twice");
      }
    }
    if (!ALGORITHM.equals(parts.get("X-Amz-Algorithm"))) {
      throw SignatureException.incomplete("X-Amz-Algorithm must be " + ALGORITHM);
    }
    String expires =
        request.opensWebSocket()
            ? parts.getOrDefault("X-Amz-Expires", WEB_SOCKET_EXPIRES)
            : required(parts, "X-Amz-Expires");
    if (!expires.matches("[0-9]{1,6}") || Long.parseLong(expires) > MAX_EXPIRES) {
      throw SignatureException.incomplete("X-Amz-Expires must be 0 to " + MAX_EXPIRES);
    }
    return credential(
        required(parts, "X-Amz-Credential"),
        required(parts, "X-Amz-SignedHeaders"),
        required(parts, "X-Amz-Signature"),
        required(parts, "X-Amz-Date"),
        parts.get("X-Amz-Security-Token"),
        true,
        Long.parseLong(expires));
  }

  private static Credential credential(
      String credential,
      String signedHeaders,
      String signature,
      String timestamp,
      @Nullable String token,
      boolean presigned,
      long expires) {
    String[] scope = credential.split("/", -1);
    if (scope.length != 5 || !scope[4].equals("aws4_request")) {
      throw SignatureException.incomplete(
          "Credential must be KEY/yyyymmdd/region/service/aws4_request");
    }
    if (!timestamp.matches("\\d{8}T\\d{6}Z")) {
      throw SignatureException.incomplete("the date must be of the form yyyymmddThhmmssZ");
    }
    if (!timestamp.startsWith(scope[1])) {
      throw SignatureException.invalid("the date is not of the day of the credential's scope");
    }
    if (!signature.matches("[0-9a-f]{64}")) {
      throw SignatureException.incomplete("the signature must be 64 lower-case hex digits");
    }
    return new Credential(
        scope[0],
        scope[1],
        scope[2],
        scope[3],
        headers(signedHeaders),
        signature,
        timestamp,
        token,
        presigned,
        expires);
  }

  private static List<String> headers(String signedHeaders) {
    List<String> names = List.of(signedHeaders.split(";"));
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      boolean sorted = i == 0 || names.get(i - 1).compareTo(name) < 0;
      if (!sorted || !name.matches("[!#$%&'*+.^_`|~0-9a-z-]+")) {
        throw SignatureException.incomplete(
            "SignedHeaders must be lower-case names, sorted, each once");
      }
    }
    if (!names.contains("host")) {
      throw SignatureException.incomplete("the host header must be signed");
    }
    return names;
  }

  private static String required(Map<String, String> parts, String name) {
    String value = parts.get(name);
    if (value == null || value.isEmpty()) {
      throw SignatureException.incomplete(name + " is missing");
    }
    return value;
  }

  private static @Nullable String optional(SignedRequest request, String name) {
    List<String> values = request.headers().getOrDefault(name, List.of());
    if (values.size() > 1) {
      throw SignatureException.incomplete("the header " + name + " is sent more than once");
    }
    return values.isEmpty() ? null : values.get(0);
  }

  private static String single(SignedRequest request, String name) {
    String value = optional(request, name);
    if (value == null) {
      throw SignatureException.incomplete("the header " + name + " is missing");
    }
    return value;
  }
}
