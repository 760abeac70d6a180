package dev.gatehouse.testkit.service;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiHandler;
import dev.gatehouse.api.http.ApiModule;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.http.AwsProtocol;
import dev.gatehouse.api.http.AwsService;
import dev.gatehouse.api.http.ServiceWire.ListStyle;
import dev.gatehouse.api.http.Shape;
import dev.gatehouse.api.http.Shape.Scalar;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Two services: {@code sample} speaks every protocol but REST-XML, {@code samplexml} speaks that.
 * Their operations answer what they are given, so that a value which comes back has been read and
 * written rightly.
 */
public final class SampleService implements ApiModule {
  /** Speaks every protocol but REST-XML. */
  public static final AwsService SAMPLE =
      AwsService.of(
              "sample",
              AwsProtocol.RPC_V2_CBOR,
              AwsProtocol.CBOR_1_1,
              AwsProtocol.JSON_1_0,
              AwsProtocol.JSON_1_1,
              AwsProtocol.QUERY,
              AwsProtocol.REST_JSON)
          .withTarget("Sample_20160101")
          .withErrorNamespace("com.amazonaws.sample")
          .withXml("http://sample.amazonaws.com/doc/2016-01-01/", ListStyle.MEMBERS);

  /** Speaks REST-XML, with buckets that may stand before the host name. */
  public static final AwsService SAMPLE_XML =
      AwsService.of("samplexml", AwsProtocol.REST_XML)
          .withXml("http://samplexml.amazonaws.com/doc/2016-01-01/", ListStyle.FLATTENED)
          .withVirtualHosts();

  /** The error that only these services have. */
  public static final ErrorCode FAILURE =
      new ErrorCode("SampleFailureException", 409, ErrorCode.Fault.CLIENT)
          .inQuery("Sample.Legacy.Failure");

  /** A value of each form. */
  public static final Shape VALUES =
      Shape.structure(
          Map.of(
              "Number", Scalar.NUMBER,
              "Flag", Scalar.FLAG,
              "Blob", Scalar.BLOB,
              "Time", Scalar.TIMESTAMP,
              "Texts", Shape.list(Scalar.ANY),
              "Flat", Shape.flatList("FlatItem", Scalar.NUMBER),
              "Map", Shape.map(Scalar.NUMBER),
              "Attributes", Shape.flatMap("Attribute", "Name", "Value", Scalar.ANY),
              "Inner", Shape.list(Shape.structure(Map.of("Blob", Scalar.BLOB)))));

  @Override
  public String name() {
    return "sample";
  }

  @Override
  public List<ApiOperation> operations() {
    return List.of(
        rpc("Echo", "/echo", request -> answer(request.body())).shaped(VALUES, VALUES),
        rpc("Fail", "/fail", SampleService::fail),
        rpc("Small", "/small", request -> answer(request.body())).bodyAtMost(100),
        xml("POST", "/{bucket}?echo", request -> answer(request.body()))
            .shaped(
                Shape.structure(Map.of("Values", VALUES)),
                Shape.structure(Map.of("Values", VALUES))),
        xml("GET", "/{bucket}", SampleService::path),
        xml("GET", "/{bucket}?list-type=2", request -> text("listed-2 " + request.path("bucket"))),
        xml("GET", "/{bucket}/{key+}", SampleService::path),
        xml("DELETE", "/{bucket}", SampleService::fail),
        xml("HEAD", "/{bucket}/{key+}", SampleService::head));
  }

  private static ApiOperation rpc(String name, String path, ApiHandler handler) {
    return operation(name, SAMPLE, "POST", path, handler);
  }

  private static ApiOperation xml(String method, String path, ApiHandler handler) {
    return operation(method + path, SAMPLE_XML, method, path, handler);
  }

  private static ApiOperation operation(
      String name, AwsService service, String method, String path, ApiHandler handler) {
    return new ApiOperation(
        name, service, method, path, "sample:" + name, request -> "*", 1000, handler);
  }

  private static CompletionStage<ApiResponse> answer(byte[] json) {
    return CompletableFuture.completedFuture(ApiResponse.json(json));
  }

  private static CompletionStage<ApiResponse> text(String text) {
    return CompletableFuture.completedFuture(
        new ApiResponse(
            200, Map.of("content-type", "text/plain"), text.getBytes(StandardCharsets.UTF_8)));
  }

  private static CompletionStage<ApiResponse> path(ApiRequest request) {
    return text(
        request.pathParameters().getOrDefault("bucket", "")
            + " "
            + request.pathParameters().getOrDefault("key", ""));
  }

  private static CompletionStage<ApiResponse> head(ApiRequest request) {
    if (request.path("key").equals("absent")) {
      throw new ServiceException(FAILURE, "there is no such key");
    }
    return CompletableFuture.completedFuture(
        new ApiResponse(
            200, Map.of("content-type", "text/plain", "content-length", "12345"), new byte[0]));
  }

  private static CompletionStage<ApiResponse> fail(ApiRequest request) {
    throw new ServiceException(FAILURE, "it fails <always>", Map.of("ResourceName", "thing"), null);
  }
}
