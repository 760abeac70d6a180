package dev.gatehouse.http.protocol;

import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.http.AwsService;
import dev.gatehouse.http.sigv4.SignedRequest;

/** One protocol. Implementations have no state. */
public interface Protocol {

  /** Whether a request looks like a call of this protocol. */
  boolean matches(SignedRequest request);

  /**
   * The operation that a request names.
   *
   * @param path the path to route by, raw
   * @throws ServiceException if the request names none, or one that is not served
   */
  <M> M find(OperationTable<M> table, AwsService service, SignedRequest request, String path);

  /**
   * Reads what the handler of an operation is given.
   *
   * @param memory counts the heap that the body takes in the handler's form
   * @throws ServiceException if the request is malformed or there is no memory for it
   */
  Parameters read(ApiOperation operation, SignedRequest request, HeapCount memory);

  /** The answer in this protocol, from the JSON that a handler answered. */
  ApiResponse answer(ApiOperation operation, ApiResponse answer, String requestId);

  /** An error in this protocol. */
  ApiResponse error(AwsService service, ServiceException error, String requestId);
}
