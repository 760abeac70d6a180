package dev.gatehouse.http.protocol;

import dev.gatehouse.api.http.AwsService;
import dev.gatehouse.http.sigv4.SignedRequest;

/** A protocol whose calls name their operation by method, path and query keys. */
abstract class Rest implements Protocol {
  @Override
  public boolean matches(SignedRequest request) {
    return true;
  }

  @Override
  public <M> M find(
      OperationTable<M> table, AwsService service, SignedRequest request, String path) {
    return table.byPath(service, request.method(), path, request.rawQuery());
  }
}
