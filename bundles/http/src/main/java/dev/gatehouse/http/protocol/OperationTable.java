package dev.gatehouse.http.protocol;

import dev.gatehouse.api.http.AwsService;

/**
 * The operations that are served.
 *
 * @param <M> an operation with what is known of it
 */
public interface OperationTable<M> {

  /**
   * The operation of a method, a path and the keys of a query.
   *
   * @throws dev.gatehouse.api.error.ServiceException if there is none
   */
  M byPath(AwsService service, String method, String rawPath, String rawQuery);

  /**
   * The operation of a name.
   *
   * @throws dev.gatehouse.api.error.ServiceException if there is none
   */
  M byName(AwsService service, String operation);
}
