package dev.gatehouse.http.protocol;

import dev.gatehouse.api.http.AwsService;
import dev.gatehouse.http.sigv4.SignedRequest;
import java.util.Map;

/**
 * The header {@code X-Amz-Target} names the operation; body and answer are CBOR, with times in
 * milliseconds. The AWS SDKs for Java call Kinesis so.
 */
final class TargetCbor extends Cbor {
  private static final String TYPE = "application/x-amz-cbor-1.1";

  TargetCbor() {
    super(Map.of("content-type", TYPE), 1000);
  }

  @Override
  public boolean matches(SignedRequest request) {
    return Requests.contentType(request).equalsIgnoreCase(TYPE);
  }

  @Override
  public <M> M find(
      OperationTable<M> table, AwsService service, SignedRequest request, String path) {
    return table.byName(service, Requests.targetOperation(request));
  }
}
