package dev.gatehouse.api.http;

/**
 * The protocols that AWS services speak (Smithy: AWS protocols). A service may speak several.
 * Handlers read and answer JSON in all of them.
 */
public enum AwsProtocol {
  /** Method and path name the operation; body and answer are JSON. */
  REST_JSON,
  /**
   * Method, path and query keys name the operation; body and answer are XML. In JSON a document is
   * an object whose only member is the root element. An answer with another content type than JSON
   * goes out as it is.
   */
  REST_XML,
  /** The header {@code X-Amz-Target} names the operation; body and answer are JSON. */
  JSON_1_0,
  /** {@link #JSON_1_0} with another content type. */
  JSON_1_1,
  /**
   * The field {@code Action} of a form names the operation; the answer is XML. Handlers see the
   * fields as {@link ApiRequest#query}; those of an operation with an {@link ApiOperation#input}
   * see a JSON body instead. The members of the answer are the elements of the result.
   */
  QUERY,
  /**
   * The path {@code /service/NAME/operation/NAME} names the operation; body and answer are CBOR.
   */
  RPC_V2_CBOR,
  /**
   * The header {@code X-Amz-Target} names the operation; body and answer are CBOR, with times in
   * milliseconds: Kinesis, as the AWS SDKs for Java call it.
   */
  CBOR_1_1
}
