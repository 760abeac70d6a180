package dev.gatehouse.api.http;

import dev.gatehouse.api.error.ErrorCode;
import java.util.List;
import java.util.Set;

/**
 * An AWS service: how its calls look and how it refuses them. The bundle that serves it declares
 * it; two services are the same if their ids are.
 *
 * @param id as in the event source of the audit trail, before {@code .amazonaws.com}, such as
 *     {@code iot} or {@code cognito-identity}
 * @param signingNames the names of credential scopes whose calls are for this service
 * @param protocols the protocols of its calls, at least one; a call has the first one that it looks
 *     like, else the first one
 * @param wire what its calls and answers are called on the wire
 * @param regional whether its calls must be signed for the gateway's region; clients sign calls of
 *     other services for {@code us-east-1} wherever they are
 * @param denied the error of a call that no policy allows
 * @param throttled the error of a call beyond the limit of calls a second
 */
public record AwsService(
    String id,
    Set<String> signingNames,
    List<AwsProtocol> protocols,
    ServiceWire wire,
    boolean regional,
    ErrorCode denied,
    ErrorCode throttled) {

  /** Copies the collections. */
  public AwsService {
    signingNames = Set.copyOf(signingNames);
    protocols = List.copyOf(protocols);
    if (protocols.isEmpty()) {
      throw new IllegalArgumentException("the service " + id + " speaks no protocol");
    }
  }

  /**
   * A regional service whose id is its signing name. Refused calls get {@code AccessDenied}, calls
   * beyond the limit {@code ThrottlingException}.
   */
  public static AwsService of(String id, AwsProtocol... protocols) {
    return new AwsService(
        id,
        Set.of(id),
        List.of(protocols),
        ServiceWire.PLAIN,
        true,
        ErrorCode.ACCESS_DENIED,
        ErrorCode.THROTTLING);
  }

  /** The same service with other signing names. */
  public AwsService signedFor(String... names) {
    return new AwsService(id, Set.of(names), protocols, wire, regional, denied, throttled);
  }

  /** The same service with a prefix of {@code X-Amz-Target}. */
  public AwsService withTarget(String prefix) {
    return with(wire.withTarget(prefix));
  }

  /** The same service with a namespace of {@code __type} in its errors. */
  public AwsService withErrorNamespace(String namespace) {
    return with(wire.withErrors(namespace));
  }

  /** The same service with a namespace of its XML, and a style of arrays in it. */
  public AwsService withXml(String namespace, ServiceWire.ListStyle style) {
    return with(wire.withXml(namespace, style));
  }

  /** The same service, where the first segment of a path may stand before the host name. */
  public AwsService withVirtualHosts() {
    return with(wire.withVirtualHosts());
  }

  private AwsService with(ServiceWire other) {
    return new AwsService(id, signingNames, protocols, other, regional, denied, throttled);
  }

  /** The same service, whose calls may also be signed for {@code us-east-1}. */
  public AwsService global() {
    return new AwsService(id, signingNames, protocols, wire, false, denied, throttled);
  }

  /** The same service with other errors for calls that it refuses. */
  public AwsService refusing(ErrorCode notAllowed, ErrorCode tooMany) {
    return new AwsService(id, signingNames, protocols, wire, regional, notAllowed, tooMany);
  }

  /** Whether its calls can have a protocol. */
  public boolean speaks(AwsProtocol protocol) {
    return protocols.contains(protocol);
  }

  /** As the audit trail names it, such as {@code iot.amazonaws.com}. */
  public String eventSource() {
    return id + ".amazonaws.com";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AwsService service && id.equals(service.id);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }
}
