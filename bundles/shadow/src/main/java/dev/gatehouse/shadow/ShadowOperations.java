package dev.gatehouse.shadow;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiHandler;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiOperation.Service;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.shadow.ShadowName;
import dev.gatehouse.api.shadow.ShadowResult;
import dev.gatehouse.api.shadow.ShadowService;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Shadows over HTTP (guide: RESTful API). */
final class ShadowOperations {
  private static final String PATH = "/things/{thingName}/shadow";

  private final ShadowService shadows;

  ShadowOperations(ShadowService shadows) {
    this.shadows = shadows;
  }

  List<ApiOperation> list() {
    return List.of(
        operation("GetThingShadow", "GET", request -> answer(shadows.get(name(request)))),
        operation(
            "UpdateThingShadow",
            "POST",
            request -> answer(shadows.update(name(request), request.body()))),
        operation("DeleteThingShadow", "DELETE", request -> answer(shadows.delete(name(request)))));
  }

  private static ApiOperation operation(String name, String method, ApiHandler handler) {
    return new ApiOperation(
        name,
        Service.IOT_DATA,
        method,
        PATH,
        "iot:" + name,
        request -> request.account().arn("iot", "thing/" + request.path("thingName")).toString(),
        1_000,
        handler);
  }

  private static ShadowName name(ApiRequest request) {
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
      case 409 -> ErrorCode.CONFLICT;
      case 413 -> ErrorCode.REQUEST_ENTITY_TOO_LARGE;
      case 415 -> ErrorCode.UNSUPPORTED_DOCUMENT_ENCODING;
      case 429 -> ErrorCode.DATA_THROTTLING;
      case 500 -> ErrorCode.INTERNAL_FAILURE;
      default -> ErrorCode.INVALID_REQUEST;
    };
  }
}
