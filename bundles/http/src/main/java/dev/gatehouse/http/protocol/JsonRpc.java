package dev.gatehouse.http.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.http.AwsService;
import dev.gatehouse.http.sigv4.SignedRequest;
import dev.gatehouse.json.Json;
import dev.gatehouse.json.JsonSize;
import java.util.HashMap;
import java.util.Map;

/**
 * The header {@code X-Amz-Target} names the operation; body and answer are JSON (Smithy: awsJson1_0
 * and awsJson1_1, which differ in their content type).
 */
final class JsonRpc implements Protocol {
  private final String contentType;

  JsonRpc(String contentType) {
    this.contentType = contentType;
  }

  @Override
  public boolean matches(SignedRequest request) {
    return Requests.contentType(request).equalsIgnoreCase(contentType)
        && !Requests.header(request, "x-amz-target").isEmpty();
  }

  @Override
  public <M> M find(
      OperationTable<M> table, AwsService service, SignedRequest request, String path) {
    return table.byName(service, Requests.targetOperation(request));
  }

  @Override
  public Parameters read(ApiOperation operation, SignedRequest request, HeapCount memory) {
    byte[] body = request.body();
    if (body.length > 0) {
      memory.take(JsonSize.treeBytes(body));
    }
    return new Parameters(Requests.query(request), body, true);
  }

  @Override
  public ApiResponse answer(ApiOperation operation, ApiResponse answer, String requestId) {
    Map<String, String> headers = new HashMap<>(answer.headers());
    headers.put("content-type", contentType);
    return new ApiResponse(answer.status(), headers, answer.body());
  }

  @Override
  public ApiResponse error(AwsService service, ServiceException error, String requestId) {
    ObjectNode body =
        Json.object()
            .put("__type", ErrorNames.type(service, error.code()))
            .put("message", error.getMessage());
    error.members().forEach(body::put);
    return new ApiResponse(
        ErrorNames.statusInJson(error.code()),
        ErrorNames.headers(service, error, contentType),
        Json.bytes(body));
  }
}
