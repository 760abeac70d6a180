package dev.gatehouse.api.http;

/** The protocols that AWS services speak (Smithy: AWS protocols). A service may speak several. */
public enum AwsProtocol {
  /** Method and path name the operation; body and answer are JSON. */
  REST_JSON,
  /** The header {@code X-Amz-Target} names the operation; body and answer are JSON. */
  JSON_1_0,
  /** {@link #JSON_1_0} with another content type. */
  JSON_1_1,
  /**
   * The field {@code Action} of a form names the operation; the answer is XML. Handlers see the
   * fields as {@link ApiRequest#query} and answer JSON: the members of the answer are the elements
   * of the result.
   */
  QUERY
}
