package dev.gatehouse.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.http.AwsService;
import dev.gatehouse.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The answers of the query protocol: XML made of what handlers answer in JSON. */
final class QueryXml {
  private static final Map<ErrorCode, String> NAMES =
      Map.of(
          ErrorCode.UNAUTHORIZED, "AccessDenied",
          ErrorCode.FORBIDDEN, "AccessDenied",
          ErrorCode.INVALID_SIGNATURE, "SignatureDoesNotMatch",
          ErrorCode.UNRECOGNIZED_CLIENT, "InvalidClientTokenId",
          ErrorCode.INVALID_REQUEST, "ValidationError");

  private final StringBuilder text = new StringBuilder(512);

  private QueryXml() {}

  /** {@code <NameResponse><NameResult>…</NameResult><ResponseMetadata>…}. */
  static ApiResponse answer(ApiOperation operation, ApiResponse answer, String requestId) {
    JsonNode result;
    try {
      result = Json.parse(answer.body());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(operation.name() + " did not answer JSON", e);
    }
    QueryXml xml = new QueryXml();
    String name = operation.name();
    xml.text.append('<').append(name).append("Response xmlns=\"");
    xml.text.append(operation.service().xmlNamespace()).append("\">");
    xml.element(name + "Result", result);
    xml.text.append("<ResponseMetadata>");
    xml.leaf("RequestId", requestId);
    xml.text.append("</ResponseMetadata></").append(name).append("Response>");
    return xml.response(answer.status());
  }

  /** An error, by its name in this protocol. */
  static ApiResponse error(ServiceException error, AwsService service, String requestId) {
    QueryXml xml = new QueryXml();
    xml.text.append("<ErrorResponse xmlns=\"").append(service.xmlNamespace()).append("\"><Error>");
    boolean ours = error.code().fault() == ErrorCode.Fault.SERVER;
    xml.leaf("Type", ours ? "Receiver" : "Sender");
    xml.leaf("Code", code(error.code()));
    xml.leaf("Message", error.getMessage());
    xml.text.append("</Error>");
    xml.leaf("RequestId", requestId);
    xml.text.append("</ErrorResponse>");
    ApiResponse answer = xml.response(error.code().httpStatus());
    return new ApiResponse(
        answer.status(),
        Map.of("content-type", "text/xml", "x-amzn-ErrorType", code(error.code())),
        answer.body());
  }

  /** The older services have names of their own for what goes wrong before an operation. */
  private static String code(ErrorCode code) {
    String name = NAMES.getOrDefault(code, code.awsName());
    return name.endsWith("Exception")
        ? name.substring(0, name.length() - "Exception".length())
        : name;
  }

  private ApiResponse response(int status) {
    return new ApiResponse(
        status,
        Map.of("content-type", "text/xml"),
        text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private void element(String name, JsonNode node) {
    if (node.isNull()) {
      return;
    }
    if (node.isValueNode()) {
      leaf(name, node.asText());
      return;
    }
    text.append('<').append(name).append('>');
    if (node.isArray()) {
      node.forEach(member -> element("member", member));
    } else {
      node.properties().forEach(member -> element(member.getKey(), member.getValue()));
    }
    text.append("</").append(name).append('>');
  }

  private void leaf(String name, String value) {
    text.append('<').append(name).append('>');
    value.codePoints().forEach(this::escape);
    text.append("</").append(name).append('>');
  }

  /** What XML 1.0 cannot hold at all becomes a replacement character. */
  private void escape(int c) {
    switch (c) {
      case '<' -> text.append("&lt;");
      case '>' -> text.append("&gt;");
      case '&' -> text.append("&amp;");
      case '\r' -> text.append("&#13;");
      default -> {
        boolean allowed =
            c == '\t' || c == '\n' || (c >= 0x20 && c != 0xfffe && c != 0xffff && !surrogate(c));
        text.appendCodePoint(allowed ? c : 0xfffd);
      }
    }
  }

  private static boolean surrogate(int c) {
    return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }
}
