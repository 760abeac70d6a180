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
import java.util.HashMap;
import java.util.Map;

/** What the protocols of CBOR have in common: bodies, answers and errors. */
abstract class Cbor implements Protocol {
  private final Map<String, String> headers;
  private final int ticksPerSecond;

  /**
   * A protocol.
   *
   * @param headers of each answer; with the content type
   * @param ticksPerSecond the unit of times
   */
  Cbor(Map<String, String> headers, int ticksPerSecond) {
    this.headers = headers;
    this.ticksPerSecond = ticksPerSecond;
  }

  @Override
  public final Parameters read(ApiOperation operation, SignedRequest request, HeapCount memory) {
    byte[] json = CborReader.json(request.body(), ticksPerSecond, memory);
    memory.take(JsonSize.treeBytes(json));
    return new Parameters(Requests.query(request), json, true);
  }

  @Override
  public final ApiResponse answer(ApiOperation operation, ApiResponse answer, String requestId) {
    Map<String, String> all = new HashMap<>(answer.headers());
    all.putAll(headers);
    byte[] body =
        CborWriter.bytes(XmlWriter.json(operation, answer), operation.output(), ticksPerSecond);
    return new ApiResponse(answer.status(), all, body);
  }

  @Override
  public final ApiResponse error(AwsService service, ServiceException error, String requestId) {
    ObjectNode body =
        Json.object()
            .put("__type", ErrorNames.type(service, error.code()))
            .put("message", error.getMessage());
    error.members().forEach(body::put);
    Map<String, String> all = new HashMap<>(ErrorNames.headers(service, error, ""));
    all.putAll(headers);
    return new ApiResponse(
        ErrorNames.statusInJson(error.code()),
        all,
        CborWriter.bytes(body, Shape.Scalar.ANY, ticksPerSecond));
  }
}
