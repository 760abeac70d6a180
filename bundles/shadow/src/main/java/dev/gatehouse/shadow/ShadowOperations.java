package dev.gatehouse.shadow;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiHandler;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.http.IotServices;
import dev.gatehouse.api.shadow.ShadowName;
import dev.gatehouse.api.shadow.ShadowResult;
import dev.gatehouse.json.Json;
import dev.gatehouse.json.Marker;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Shadows over HTTP (guide: RESTful API). */
final class ShadowOperations {
  private static final String PATH = "/things/{thingName}/shadow";

  private static final int PER_SECOND = 1_000;
  private static final int PAGE = 25;
  private static final int MAX_PAGE = 100;

  private final Shadows shadows;

  ShadowOperations(Shadows shadows) {
    this.shadows = shadows;
  }

  List<ApiOperation> list() {
    return List.of(
        operation("GetThingShadow", "GET", request -> answer(shadows.get(name(request)))),
        operation(
            "UpdateThingShadow",
            "POST",
            request -> answer(shadows.update(name(request), request.body()))),
        operation("DeleteThingShadow", "DELETE", request -> answer(shadows.delete(name(request)))),
        new ApiOperation(
                "ListNamedShadowsForThing",
                IotServices.IOT_DATA,
                "GET",
                "/api/things/shadow/ListNamedShadowsForThing/{thingName}",
                "iot:ListNamedShadowsForThing",
                ShadowOperations::thing,
                PER_SECOND,
                this::names)
            .dataEvent());
  }

  private static ApiOperation operation(String name, String method, ApiHandler handler) {
    return new ApiOperation(
            name,
            IotServices.IOT_DATA,
            method,
            PATH,
            "iot:" + name,
            ShadowOperations::resource,
            PER_SECOND,
            handler)
        .dataEvent();
  }

  /** A named shadow is a resource of its own, {@code thing/NAME/SHADOW}. */
  private static String resource(ApiRequest request) {
    ShadowName shadow = name(request);
    String named = shadow.shadowName().isEmpty() ? "" : "/" + shadow.shadowName();
    return request.account().arn("iot", "thing/" + shadow.thingName() + named).toString();
  }

  private static String thing(ApiRequest request) {
    return request.account().arn("iot", "thing/" + request.path("thingName")).toString();
  }

  private CompletionStage<ApiResponse> names(ApiRequest request) {
    int size = request.pageSize("pageSize", PAGE);
    if (size > MAX_PAGE) {
      throw new ServiceException(
          ErrorCode.INVALID_REQUEST, "pageSize must be 1 to " + MAX_PAGE + ", not '" + size + "'");
    }
    Marker marker = Marker.of("shadows", request);
    String from = marker.decode("nextToken", request.query("nextToken").orElse(""));
    List<String> page;
    try {
      page = shadows.names(request.account(), request.path("thingName"), from, size + 1);
    } catch (IllegalArgumentException e) {
      throw new ServiceException(ErrorCode.INVALID_REQUEST, String.valueOf(e.getMessage()));
    }
    ObjectNode answer = Json.object();
    ArrayNode results = answer.putArray("results");
    page.stream().limit(size).forEach(results::add);
    answer.put("timestamp", shadows.seconds());
    if (page.size() > size) {
      answer.put("nextToken", marker.encode(page.get(size)));
    }
    return CompletableFuture.completedFuture(ApiResponse.json(Json.bytes(answer)));
  }

  /** The shadow that a call is about: the classic one only if the query names none at all. */
  private static ShadowName name(ApiRequest request) {
    if (request.query("name").filter(String::isEmpty).isPresent()) {
      throw new ServiceException(
          ErrorCode.INVALID_REQUEST,
          "the query parameter name is empty; leave it out for the classic shadow, or name one by 1"
              + " to 64 of a-z A-Z 0-9 : _ - $");
    }
    try {
      return new ShadowName(
          request.account(), request.path("thingName"), request.query("name").orElse(""));
    } catch (IllegalArgumentException e) {
      throw new ServiceException(ErrorCode.INVALID_REQUEST, String.valueOf(e.getMessage()));
    }
  }

  private static CompletionStage<ApiResponse> answer(CompletionStage<ShadowResult> stage) {
    return stage.thenApply(
        result -> {
          if (result instanceof ShadowResult.Accepted accepted) {
            return ApiResponse.json(accepted.document());
          }
          ShadowResult.Rejected rejected = (ShadowResult.Rejected) result;
          throw new ServiceException(code(rejected.code()), rejected.message());
        });
  }

  private static ErrorCode code(int status) {
    return switch (status) {
      case 404 -> ErrorCode.RESOURCE_NOT_FOUND;
      case 409 -> ShadowErrors.CONFLICT;
      case 413 -> ErrorCode.REQUEST_ENTITY_TOO_LARGE;
      case 415 -> ShadowErrors.UNSUPPORTED_DOCUMENT_ENCODING;
      case 429 -> ErrorCode.DATA_THROTTLING;
      case 500 -> ErrorCode.INTERNAL_FAILURE;
      default -> ErrorCode.INVALID_REQUEST;
    };
  }
}
