package dev.gatehouse.http.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.http.AwsService;
import dev.gatehouse.api.http.Shape;
import dev.gatehouse.http.sigv4.SignedRequest;
import dev.gatehouse.json.Json;
import dev.gatehouse.json.JsonSize;
import java.util.Map;

/** Method and path name the operation; body and answer are JSON (Smithy: restJson1). */
final class RestJson extends Rest {
  @Override
  public Parameters read(ApiOperation operation, SignedRequest request, HeapCount memory) {
    boolean json = operation.input() != Shape.Scalar.BLOB;
    byte[] body = request.body();
    if (json && body.length > 0) {
      memory.take(JsonSize.treeBytes(body));
    }
    return new Parameters(QueryLists.read(operation, request), body, json);
  }

  @Override
  public ApiResponse answer(ApiOperation operation, ApiResponse answer, String requestId) {
    return answer;
  }

  @Override
  public ApiResponse error(AwsService service, ServiceException error, String requestId) {
    ObjectNode body = Json.object().put("message", error.getMessage());
    error.members().forEach(body::put);
    return new ApiResponse(
        error.code().httpStatus(),
        Map.of("content-type", "application/json", "x-amzn-ErrorType", error.code().awsName()),
        Json.bytes(body));
  }
}
