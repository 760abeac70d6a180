package dev.gatehouse.http.protocol;

import dev.gatehouse.api.http.AwsProtocol;
import dev.gatehouse.api.http.AwsService;
import dev.gatehouse.http.sigv4.SignedRequest;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The protocols by their names. */
public final class Protocols {
  private static final Map<AwsProtocol, Protocol> ALL =
      new EnumMap<>(
          Map.of(
              AwsProtocol.REST_JSON, new RestJson(),
              AwsProtocol.REST_XML, new RestXml(),
              AwsProtocol.JSON_1_0, new JsonRpc("application/x-amz-json-1.0"),
              AwsProtocol.JSON_1_1, new JsonRpc("application/x-amz-json-1.1"),
              AwsProtocol.QUERY, new Query(),
              AwsProtocol.RPC_V2_CBOR, new RpcV2Cbor(),
              AwsProtocol.CBOR_1_1, new TargetCbor()));

  /** Protocols whose requests no other protocol's look like. */
  private static final List<AwsProtocol> TELLING =
      List.of(AwsProtocol.RPC_V2_CBOR, AwsProtocol.CBOR_1_1, AwsProtocol.JSON_1_0);

  private Protocols() {}

  /** The protocol of a name. */
  public static Protocol of(AwsProtocol name) {
    Protocol protocol = ALL.get(name);
    if (protocol == null) {
      throw new IllegalStateException("no class has the protocol " + name);
    }
    return protocol;
  }

  /** The protocol that a request to a service has: the first one that it looks like. */
  public static Protocol of(AwsService service, SignedRequest request) {
    return service.protocols().stream()
        .map(Protocols::of)
        .filter(protocol -> protocol.matches(request))
        .findFirst()
        .orElseGet(() -> of(service.protocols().get(0)));
  }

  /**
   * The operation that the fields of a request name; null if it is no form or names none.
   *
   * @throws dev.gatehouse.api.error.ServiceException INVALID_REQUEST if the form is malformed
   */
  public static @Nullable String action(SignedRequest request) {
    boolean form = request.rawPath().equals("/") && of(AwsProtocol.QUERY).matches(request);
    return form ? Query.action(request) : null;
  }

  /** The protocol that a request to an unknown service looks like. */
  public static Protocol looking(SignedRequest request) {
    for (AwsProtocol telling : TELLING) {
      if (of(telling).matches(request)) {
        return of(telling);
      }
    }
    if (!Requests.header(request, "x-amz-target").isEmpty()) {
      return of(AwsProtocol.JSON_1_1);
    }
    boolean form = request.rawPath().equals("/") && of(AwsProtocol.QUERY).matches(request);
    return of(form ? AwsProtocol.QUERY : AwsProtocol.REST_JSON);
  }
}
