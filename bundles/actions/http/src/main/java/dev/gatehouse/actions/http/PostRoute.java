package dev.gatehouse.actions.http;

import java.net.URI;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.AsyncProcessorSupport;

/** From the rule to the server. */
final class PostRoute extends RouteBuilder {
  static final String ENTRY = "direct:http-post";
  static final String URL = "GatehouseHttpUrl";
  static final String HEADERS = "GatehouseHttpHeaders";

  private final HttpCalls calls;

  PostRoute(HttpCalls calls) {
    this.calls = calls;
  }

  @Override
  public void configure() {
    // The rules engine retries and reports; a second handler would log each failure again.
    errorHandler(noErrorHandler());
    // Not Camel's HTTP component: its client looks names up by itself.
    from(ENTRY).routeId("http-post").process(new Post());
  }

  private final class Post extends AsyncProcessorSupport {
    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
      Message in = exchange.getMessage();
      @SuppressWarnings("unchecked") // as the type of the action put it in
      Map<String, String> headers = in.getHeader(HEADERS, Map.class);
      CompletionStage<Void> posted;
      try {
        posted = calls.post(in.getHeader(URL, URI.class), headers, in.getBody(byte[].class));
      } catch (UnknownHostException | RuntimeException e) {
        posted = CompletableFuture.failedFuture(e);
      }
      posted.whenComplete(
          (done, failure) -> {
            if (failure != null) {
              exchange.setException(failure);
            }
            callback.done(false);
          });
      return false;
    }
  }
}
