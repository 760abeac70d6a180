package dev.gatehouse.http;

import dev.gatehouse.http.protocol.Requests;
import dev.gatehouse.http.sigv4.SignedRequest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the service off a credential scope that is not verified yet. */
final class SigningScope {
  private static final Pattern HEADER =
      Pattern.compile("(?:^|[\\s,])Credential=[^/,\\s]*/[^/,]*/[^/,]*/([^/,]*)/aws4_request");
  private static final Pattern QUERY =
      Pattern.compile(
          "(?:^|&)X-Amz-Credential=[^&]*?(?:/|%2F)([^/&%]+)(?:/|%2F)aws4_request",
          Pattern.CASE_INSENSITIVE);

  private SigningScope() {}

  /** The name of the service; null if the request has no credential of the usual form. */
  static @Nullable String service(SignedRequest request) {
    String header = Requests.header(request, "authorization");
    if (!header.isEmpty()) {
      Matcher matcher = HEADER.matcher(header);
      return matcher.find() ? matcher.group(1) : null;
    }
    if (!request.rawQuery().contains("X-Amz-Credential=")) {
      return null;
    }
    Matcher matcher = QUERY.matcher(request.rawQuery());
    return matcher.find() ? matcher.group(1) : null;
  }
}
