package dev.gatehouse.actions.s3;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;

/** From the rule to the file. Headers are those of Camel's S3 component. */
final class PutRoute extends RouteBuilder {
  static final String ENTRY = "direct:s3-put";
  static final String BUCKET = "CamelAwsS3BucketName";
  static final String KEY = "CamelAwsS3Key";

  private final ObjectFiles files;

  PutRoute(ObjectFiles files) {
    this.files = files;
  }

  @Override
  public void configure() {
    // The rules engine retries and reports; a second handler would log each failure again.
    errorHandler(noErrorHandler());
    from(ENTRY).routeId("s3-put").process(this::put);
  }

  private void put(Exchange exchange) throws Exception {
    Message in = exchange.getMessage();
    // Not Camel's file producer: it neither syncs a file nor its directory.
    files.put(
        new BucketName(in.getHeader(BUCKET, String.class)),
        ObjectKey.of(in.getHeader(KEY, String.class)),
        in.getBody(byte[].class));
  }
}
