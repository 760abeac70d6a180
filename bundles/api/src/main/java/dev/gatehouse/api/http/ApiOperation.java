package dev.gatehouse.api.http;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * One operation of an AWS service.
 *
 * @param name as AWS spells it, such as {@code CreateThing}
 * @param service what serves it
 * @param method {@code GET}, {@code POST}, {@code PUT}, {@code PATCH} or {@code DELETE}
 * @param path template of raw path segments, such as {@code /things/{thingName}}; a last {@code
 *     {topic+}} takes the rest of the path, slashes included; {@code /} for the services that are
 *     not REST-shaped
 * @param action what the caller's policy must allow, such as {@code iot:CreateThing}; empty if
 *     whoever is known may call it, and the handler looks at the rest itself
 * @param resources the ARNs that it must be allowed on, each of them, from the request: of what the
 *     handler will act on, however the request spells that, or a {@link
 *     dev.gatehouse.api.error.ServiceException} for a spelling that the handler would refuse
 * @param context condition keys that this operation alone has, such as {@code iam:PolicyARN}, with
 *     their values from the request
 * @param perSecond how many calls a second one account may make (guide: AWS IoT Limits)
 * @param open whether strangers may call it: it is then neither signed nor authorised, and the
 *     handler itself looks at what the request proves
 * @param handler does it
 */
public record ApiOperation(
    String name,
    Service service,
    String method,
    String path,
    String action,
    Function<ApiRequest, List<String>> resources,
    Function<ApiRequest, Map<String, String>> context,
    int perSecond,
    boolean open,
    ApiHandler handler) {

  /** An operation on one resource. */
  public ApiOperation(
      String name,
      Service service,
      String method,
      String path,
      String action,
      Function<ApiRequest, String> resource,
      int perSecond,
      boolean open,
      ApiHandler handler) {
    this(
        name,
        service,
        method,
        path,
        action,
        request -> List.of(resource.apply(request)),
        request -> Map.of(),
        perSecond,
        open,
        handler);
  }

  /** An operation on one resource, whose callers must be known. */
  public ApiOperation(
      String name,
      Service service,
      String method,
      String path,
      String action,
      Function<ApiRequest, String> resource,
      int perSecond,
      ApiHandler handler) {
    this(name, service, method, path, action, resource, perSecond, false, handler);
  }

  /** The same operation, which must be allowed on several resources. */
  public ApiOperation on(Function<ApiRequest, List<String>> several) {
    return new ApiOperation(
        name, service, method, path, action, several, context, perSecond, open, handler);
  }

  /** The same operation with condition keys of its own. */
  public ApiOperation with(Function<ApiRequest, Map<String, String>> keys) {
    return new ApiOperation(
        name, service, method, path, action, resources, keys, perSecond, open, handler);
  }

  /** How a service's calls look on the wire. */
  public enum Protocol {
    /** Method and path name the operation; body and answer are JSON. */
    REST_JSON,
    /**
     * A form's {@code Action} names the operation; the answer is XML. Handlers see the form's
     * fields as {@link ApiRequest#query} and answer JSON all the same: its members are the elements
     * of the result, an array's elements are {@code member}s, and scalars are text.
     */
    QUERY,
    /** The header {@code X-Amz-Target} names the operation; body and answer are JSON. */
    JSON
  }

  /** The AWS services that operations belong to. */
  public enum Service {
    /** The control plane; signed for {@code iot} or {@code execute-api}. */
    IOT(Protocol.REST_JSON),
    /** The data plane; signed for {@code iotdata} or {@code iotdevicegateway}, or mutual TLS. */
    IOT_DATA(Protocol.REST_JSON),
    /** Users, groups, roles and their policies; signed for {@code iam}. */
    IAM(Protocol.QUERY),
    /** Who calls, and sessions of roles; signed for {@code sts}. */
    STS(Protocol.QUERY),
    /** Identity pools; signed for {@code cognito-identity}, or open. */
    COGNITO_IDENTITY(Protocol.JSON),
    /** The audit trail; signed for {@code cloudtrail}. */
    CLOUDTRAIL(Protocol.JSON);

    private final Protocol protocol;

    Service(Protocol protocol) {
      this.protocol = protocol;
    }

    /** How its calls look. */
    public Protocol protocol() {
      return protocol;
    }
  }
}
