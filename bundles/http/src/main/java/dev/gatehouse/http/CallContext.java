package dev.gatehouse.http;

import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.http.AwsProtocol;
import dev.gatehouse.api.http.AwsService;
import dev.gatehouse.api.http.IotServices;
import dev.gatehouse.http.protocol.Protocol;
import dev.gatehouse.http.protocol.Protocols;
import dev.gatehouse.http.protocol.Requests;
import dev.gatehouse.http.sigv4.SignedRequest;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The service and the protocol of a call. They are chosen once, from the head of the request,
 * before the signature is verified. The signature covers the name of the service, so an accepted
 * call has the service that was chosen here.
 *
 * @param service the service that the call claims to be for
 * @param protocol the protocol of the call and of every answer to it
 * @param path the path to route by, raw
 */
record CallContext(AwsService service, Protocol protocol, String path) {

  /** For what is refused before its head has been read. */
  static final CallContext UNREAD =
      new CallContext(IotServices.IOT, Protocols.of(AwsProtocol.REST_JSON), "/");

  /** Stands for a service that no bundle has declared. */
  private static final AwsService UNKNOWN = AwsService.of("unknown", AwsProtocol.REST_JSON);

  /**
   * The context of a request.
   *
   * @param ownHost the gateway's own name, without a port
   */
  static CallContext of(Call call, Services services, String ownHost) {
    SignedRequest request = call.request();
    String scope = SigningScope.service(request);
    String named = Requests.serviceName(request);
    if (scope == null && named.isEmpty()) {
      return plain(call);
    }
    AwsService service = scope == null ? services.ofTarget(named) : services.signedFor(scope);
    if (service == null) {
      return new CallContext(UNKNOWN, Protocols.looking(request), request.rawPath());
    }
    return new CallContext(
        service, Protocols.of(service, request), VirtualHost.path(service, request, ownHost));
  }

  /** The context of a call that names no service. */
  private static CallContext plain(Call call) {
    SignedRequest request = call.request();
    return call.certificates().isEmpty()
        ? new CallContext(IotServices.IOT, Protocols.looking(request), request.rawPath())
        : ofCertificate(call);
  }

  /**
   * The context of a call that is authenticated by a certificate instead of a signature. It always
   * goes to the data plane, whatever service it names.
   */
  static CallContext ofCertificate(Call call) {
    return new CallContext(
        IotServices.IOT_DATA, Protocols.of(AwsProtocol.REST_JSON), call.request().rawPath());
  }

  /** The context of an operation that strangers may call, which need not name its service. */
  CallContext open(ApiOperation operation, SignedRequest request) {
    return service.equals(operation.service())
        ? this
        : new CallContext(operation.service(), Protocols.of(operation.service(), request), path);
  }

  /** The operation that a request names. */
  Router.Match find(Router router, SignedRequest request) {
    return protocol.find(router, service, request, path);
  }

  /** The operation that a request names, if strangers may call it; else null. */
  Router.@Nullable Match findOpen(Router router, SignedRequest request) {
    if (Requests.serviceName(request).isEmpty()) {
      String action = Protocols.action(request);
      return action == null
          ? router.open(request.method(), request.rawPath())
          : router.openNamed(action);
    }
    if (service.equals(UNKNOWN)) {
      return router.open(request.method(), request.rawPath());
    }
    Router.Match match = find(router, request);
    return match.operation().open() ? match : null;
  }

  /** An error in the protocol of the call. */
  ApiResponse error(ServiceException error, String requestId) {
    return withId(protocol.error(service, error, requestId), requestId);
  }

  static ApiResponse withId(ApiResponse answer, String requestId) {
    Map<String, String> headers = new HashMap<>(answer.headers());
    headers.put("x-amzn-RequestId", requestId);
    return new ApiResponse(answer.status(), headers, answer.body());
  }
}
