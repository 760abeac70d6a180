package dev.gatehouse.http.protocol;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.http.sigv4.QueryString;
import dev.gatehouse.http.sigv4.SignedRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the parts of a request that several protocols look at. */
public final class Requests {
  private Requests() {}

  /** The first value of a header; empty if it is not sent. */
  public static String header(SignedRequest request, String lowerCaseName) {
    List<String> values = request.headers().getOrDefault(lowerCaseName, List.of());
    return values.isEmpty() ? "" : values.get(0);
  }

  /** The service that {@code X-Amz-Target} or the path names; empty if neither names one. */
  public static String serviceName(SignedRequest request) {
    String target = header(request, "x-amz-target");
    int dot = target.lastIndexOf('.');
    return dot < 0 ? RpcV2Cbor.service(request.rawPath()) : target.substring(0, dot);
  }

  static String targetOperation(SignedRequest request) {
    String target = header(request, "x-amz-target");
    return target.substring(target.lastIndexOf('.') + 1);
  }

  /** The content type without its parameters. */
  static String contentType(SignedRequest request) {
    String type = header(request, "content-type");
    int semicolon = type.indexOf(';');
    return (semicolon < 0 ? type : type.substring(0, semicolon)).strip();
  }

  /**
   * Parameters by name.
   *
   * @throws ServiceException INVALID_REQUEST if one is given twice
   */
  static Map<String, String> single(List<QueryString.Parameter> parameters) {
    Map<String, String> all = new HashMap<>();
    for (QueryString.Parameter parameter : parameters) {
      if (all.put(parameter.name(), parameter.value()) != null) {
        throw new ServiceException(
            ErrorCode.INVALID_REQUEST,
            "the parameter " + parameter.name() + " is given twice; give it once");
      }
    }
    return all;
  }

  /** The parameters of the query by name, each given once. */
  static Map<String, String> query(SignedRequest request) {
    return single(QueryString.parse(request.rawQuery()));
  }
}
