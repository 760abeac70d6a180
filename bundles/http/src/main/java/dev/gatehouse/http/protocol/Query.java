package dev.gatehouse.http.protocol;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.http.AwsService;
import dev.gatehouse.api.http.Shape;
import dev.gatehouse.http.sigv4.QueryString;
import dev.gatehouse.http.sigv4.SignedRequest;
import dev.gatehouse.json.Json;
import dev.gatehouse.json.JsonSize;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A form's {@code Action} names the operation; the answer is XML (Smithy: awsQuery). */
final class Query implements Protocol {
  private static final String FORM = "application/x-www-form-urlencoded";

  /** Each field costs some 250 bytes of heap, whatever is in it. */
  private static final int FORM_FIELDS = 1000;

  @Override
  public boolean matches(SignedRequest request) {
    return Requests.contentType(request).equalsIgnoreCase(FORM)
        || ("&" + request.rawQuery()).contains("&Action=");
  }

  @Override
  public <M> M find(
      OperationTable<M> table, AwsService service, SignedRequest request, String path) {
    String action = action(request);
    if (action == null) {
      throw new ServiceException(ErrorCode.INVALID_REQUEST, "the parameter Action is missing");
    }
    return table.byName(service, action);
  }

  /**
   * The operation that the fields of a request name; null if they name none.
   *
   * @throws ServiceException INVALID_REQUEST if the form is malformed
   */
  static @Nullable String action(SignedRequest request) {
    return Requests.single(fields(request)).get("Action");
  }

  private static List<QueryString.Parameter> fields(SignedRequest request) {
    List<QueryString.Parameter> all = new ArrayList<>(QueryString.parse(request.rawQuery()));
    String form = new String(request.body(), StandardCharsets.ISO_8859_1);
    if (!form.chars().allMatch(c -> c < 0x7f)) {
      throw new ServiceException(
          ErrorCode.INVALID_REQUEST, "the form has a byte beyond ASCII; percent-encode it");
    }
    if (form.chars().filter(c -> c == '&').count() >= FORM_FIELDS) {
      throw new ServiceException(
          ErrorCode.INVALID_REQUEST, "the form has more than " + FORM_FIELDS + " fields");
    }
    all.addAll(QueryString.parse(form));
    return all;
  }

  @Override
  public Parameters read(ApiOperation operation, SignedRequest request, HeapCount memory) {
    memory.take(3L * request.body().length); // the fields' number is bounded
    Map<String, String> fields = Requests.single(fields(request));
    if (operation.input() == Shape.Scalar.ANY) {
      return new Parameters(fields, request.body(), false);
    }
    byte[] json = Json.bytes(FormTree.json(fields, operation.input(), memory));
    memory.take(json.length + JsonSize.treeBytes(json));
    return new Parameters(Map.of(), json, true);
  }

  @Override
  public ApiResponse answer(ApiOperation operation, ApiResponse answer, String requestId) {
    XmlWriter xml = new XmlWriter(operation.service().wire());
    String name = operation.name();
    xml.open(name + "Response");
    xml.value(name + "Result", XmlWriter.json(operation, answer), operation.output());
    xml.start("ResponseMetadata");
    xml.leaf("RequestId", requestId);
    xml.end("ResponseMetadata");
    xml.end(name + "Response");
    return xml.response(answer.status(), answer.headers(), "text/xml");
  }

  @Override
  public ApiResponse error(AwsService service, ServiceException error, String requestId) {
    String code = ErrorNames.inQuery(error.code());
    XmlWriter xml = new XmlWriter(service.wire());
    xml.open("ErrorResponse");
    xml.start("Error");
    xml.leaf("Type", ErrorNames.sender(error.code()));
    xml.leaf("Code", code);
    xml.leaf("Message", error.getMessage());
    xml.end("Error");
    xml.leaf("RequestId", requestId);
    xml.end("ErrorResponse");
    return xml.response(error.code().httpStatus(), Map.of("x-amzn-ErrorType", code), "text/xml");
  }
}
