package dev.gatehouse.http.protocol;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.AwsService;
import dev.gatehouse.http.sigv4.SignedRequest;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The path {@code /service/NAME/operation/NAME} names the operation; body and answer are CBOR
 * (Smithy: RPC v2 CBOR).
 */
final class RpcV2Cbor extends Cbor {
  private static final String HEADER = "smithy-protocol";
  private static final String NAME = "rpc-v2-cbor";
  private static final Pattern PATH = Pattern.compile("(?:.*/)?service/([^/]+)/operation/([^/]+)");

  RpcV2Cbor() {
    super(Map.of("content-type", "application/cbor", HEADER, NAME), 1);
  }

  @Override
  public boolean matches(SignedRequest request) {
    return Requests.header(request, HEADER).equals(NAME);
  }

  /** The service that a path names; empty if it names none. */
  static String service(String path) {
    Matcher matcher = PATH.matcher(path);
    return matcher.matches() ? matcher.group(1) : "";
  }

  @Override
  public <M> M find(
      OperationTable<M> table, AwsService service, SignedRequest request, String path) {
    Matcher matcher = PATH.matcher(path);
    boolean right =
        matcher.matches()
            && matcher.group(1).equals(service.wire().targetPrefix())
            && request.method().equals("POST");
    if (!right) {
      throw new ServiceException(
          ErrorCode.RESOURCE_NOT_FOUND,
          "there is no operation %s %s; calls of this protocol are POST /service/%s/operation/NAME"
              .formatted(request.method(), path, service.wire().targetPrefix()));
    }
    return table.byName(service, matcher.group(2));
  }
}
