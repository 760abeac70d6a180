package dev.gatehouse.api.http;

import java.util.function.Function;

/**
 * One operation of an AWS service.
 *
 * @param name as AWS spells it, such as {@code CreateThing}
 * @param service what serves it
 * @param method {@code GET}, {@code POST}, {@code PUT}, {@code PATCH} or {@code DELETE}
 * @param path template of raw path segments, such as {@code /things/{thingName}}; a last {@code
 *     {topic+}} takes the rest of the path, slashes included
 * @param action what the caller's policy must allow, such as {@code iot:CreateThing}
 * @param resource the ARN it must be allowed on, from the request
 * @param perSecond how many calls a second one account may make (guide: AWS IoT Limits)
 * @param handler does it
 */
public record ApiOperation(
    String name,
    Service service,
    String method,
    String path,
    String action,
    Function<ApiRequest, String> resource,
    int perSecond,
    ApiHandler handler) {

  /** The AWS services that operations belong to. */
  public enum Service {
    /** The control plane; signed for {@code iot} or {@code execute-api}. */
    IOT,
    /** The data plane; signed for {@code iotdata} or {@code iotdevicegateway}, or mutual TLS. */
    IOT_DATA
  }
}
