package dev.gatehouse.api.http;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * One operation of an AWS service.
 *
 * @param name as AWS spells it, such as {@code CreateThing}
 * @param service the service that it belongs to
 * @param method {@code GET}, {@code HEAD}, {@code POST}, {@code PUT}, {@code PATCH} or {@code
 *     DELETE}
 * @param path template of raw path segments, such as {@code /things/{thingName}}; a last {@code
 *     {topic+}} takes the rest of the path, slashes included. Query keys that a request must have
 *     may follow, such as {@code /{bucket}?uploads} or {@code /{bucket}?list-type=2}; of several
 *     operations the one with the most of them is called. {@code /} for the services that are not
 *     REST-shaped
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
 * @param traits how its calls are treated
 * @param input the shape of the parameters, for protocols other than JSON
 * @param output the shape of the answer, for protocols other than JSON
 * @param handler does it
 */
public record ApiOperation(
    String name,
    AwsService service,
    String method,
    String path,
    String action,
    Function<ApiRequest, List<String>> resources,
    Function<ApiRequest, Map<String, String>> context,
    int perSecond,
    boolean open,
    CallTraits traits,
    Shape input,
    Shape output,
    ApiHandler handler) {

  /** An operation with the usual traits. */
  public ApiOperation(
      String name,
      AwsService service,
      String method,
      String path,
      String action,
      Function<ApiRequest, List<String>> resources,
      Function<ApiRequest, Map<String, String>> context,
      int perSecond,
      boolean open,
      ApiHandler handler) {
    this(
        name,
        service,
        method,
        path,
        action,
        resources,
        context,
        perSecond,
        open,
        CallTraits.of(name),
        Shape.Scalar.ANY,
        Shape.Scalar.ANY,
        handler);
  }

  /** An operation on one resource. */
  public ApiOperation(
      String name,
      AwsService service,
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
      AwsService service,
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
    return copy(several, context, traits, input, output);
  }

  /** The same operation with condition keys of its own. */
  public ApiOperation with(Function<ApiRequest, Map<String, String>> keys) {
    return copy(resources, keys, traits, input, output);
  }

  /** The same operation with shapes of its parameters and its answer. */
  public ApiOperation shaped(Shape parameters, Shape answer) {
    return copy(resources, context, traits, parameters, answer);
  }

  /** The same operation, whose calls the audit trail does not record. */
  public ApiOperation dataEvent() {
    return treated(
        new CallTraits(
            CallTraits.Event.DATA, traits.readOnly(), traits.timeout(), traits.bodyLimit()));
  }

  /** The same operation, where its name does not show whether it only reads. */
  public ApiOperation readOnly(boolean reads) {
    return treated(new CallTraits(traits.event(), reads, traits.timeout(), traits.bodyLimit()));
  }

  /** The same operation with another time limit. */
  public ApiOperation within(Duration timeout) {
    return treated(new CallTraits(traits.event(), traits.readOnly(), timeout, traits.bodyLimit()));
  }

  /** The same operation with a body limit of its own. */
  public ApiOperation bodyAtMost(int bytes) {
    return treated(
        new CallTraits(traits.event(), traits.readOnly(), traits.timeout(), OptionalInt.of(bytes)));
  }

  private ApiOperation treated(CallTraits other) {
    return copy(resources, context, other, input, output);
  }

  private ApiOperation copy(
      Function<ApiRequest, List<String>> onResources,
      Function<ApiRequest, Map<String, String>> withKeys,
      CallTraits withTraits,
      Shape withInput,
      Shape withOutput) {
    return new ApiOperation(
        name,
        service,
        method,
        path,
        action,
        onResources,
        withKeys,
        perSecond,
        open,
        withTraits,
        withInput,
        withOutput,
        handler);
  }
}
