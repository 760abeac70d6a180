package dev.gatehouse.http.protocol;

import com.fasterxml.jackson.databind.JsonNode;
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

/**
 * Method, path and query keys name the operation; body and answer are XML (Smithy: restXml). In
 * JSON a document is an object with one member, the root element. An answer whose content type is
 * not JSON stays as it is.
 */
final class RestXml extends Rest {
  private static final String XML = "application/xml";

  @Override
  public Parameters read(ApiOperation operation, SignedRequest request, HeapCount memory) {
    Map<String, String> query = QueryLists.read(operation, request);
    byte[] body = request.body();
    if (operation.input() == Shape.Scalar.BLOB || body.length == 0) {
      return new Parameters(query, body, false);
    }
    byte[] json = Json.bytes(XmlTree.json(body, operation.input(), memory));
    memory.take(json.length + JsonSize.treeBytes(json));
    return new Parameters(query, json, true);
  }

  @Override
  public ApiResponse answer(ApiOperation operation, ApiResponse answer, String requestId) {
    Map<String, String> headers = new HashMap<>(answer.headers());
    headers.put("x-amz-request-id", requestId);
    String type = headers.getOrDefault("content-type", "");
    if (!type.equals("application/json")) {
      return new ApiResponse(answer.status(), headers, answer.body());
    }
    headers.remove("content-type");
    JsonNode document = XmlWriter.json(operation, answer);
    if (document.isEmpty()) {
      return new ApiResponse(answer.status(), headers, new byte[0]);
    }
    Map.Entry<String, JsonNode> root = document.properties().iterator().next();
    Shape shape =
        operation.output() instanceof Shape.Structure structure
            ? structure.members().getOrDefault(root.getKey(), Shape.Scalar.ANY)
            : Shape.Scalar.ANY;
    XmlWriter xml = new XmlWriter(operation.service().wire());
    xml.declaration();
    xml.open(root.getKey());
    xml.content(root.getValue(), shape);
    xml.end(root.getKey());
    return xml.response(answer.status(), headers, XML);
  }

  @Override
  public ApiResponse error(AwsService service, ServiceException error, String requestId) {
    String code = ErrorNames.inXml(error.code());
    XmlWriter xml = new XmlWriter(service.wire());
    xml.declaration();
    xml.start("Error");
    xml.leaf("Code", code);
    xml.leaf("Message", error.getMessage());
    error.members().forEach(xml::leaf);
    xml.leaf("RequestId", requestId);
    xml.end("Error");
    return xml.response(
        error.code().httpStatus(),
        Map.of("x-amzn-ErrorType", code, "x-amz-request-id", requestId),
        XML);
  }
}
