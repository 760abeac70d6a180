package dev.gatehouse.http;

import dev.gatehouse.api.http.AwsService;
import dev.gatehouse.http.protocol.Requests;
import dev.gatehouse.http.sigv4.SignedRequest;
import java.util.Locale;

/**
 * Paths whose first segment stands before the gateway's name in the Host header, as S3's clients
 * put the bucket there.
 */
final class VirtualHost {
  private VirtualHost() {}

  /**
   * The path of a request with all of its segments, raw.
   *
   * @param ownHost the gateway's own name, without a port
   */
  static String path(AwsService service, SignedRequest request, String ownHost) {
    if (!service.wire().virtualHosts()) {
      return request.rawPath();
    }
    String host = Requests.header(request, "host").toLowerCase(Locale.ROOT);
    int colon = host.lastIndexOf(':');
    String name = colon < 0 ? host : host.substring(0, colon);
    String tail = "." + ownHost.toLowerCase(Locale.ROOT);
    if (!name.endsWith(tail) || name.length() == tail.length()) {
      return request.rawPath();
    }
    String first = name.substring(0, name.length() - tail.length());
    return first.matches("[a-z0-9.-]+") ? "/" + first + request.rawPath() : request.rawPath();
  }
}
