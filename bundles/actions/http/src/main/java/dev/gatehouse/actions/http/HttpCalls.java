package dev.gatehouse.actions.http;

import dev.gatehouse.api.outgoing.OutgoingHosts;
import dev.gatehouse.api.rules.action.ActionFailure;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleRequestProducer;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.client5.http.ssl.DefaultHostnameVerifier;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Posts to servers that are allowed: no redirects, no proxy, no cookies, no retries, and a
 * connection only to an address that {@link OutgoingHosts#resolve} gave. The client begins with the
 * first call.
 */
final class HttpCalls implements AutoCloseable {
  private static final Timeout PATIENCE = Timeout.ofSeconds(5);
  private static final int CONNECTIONS = 50;
  private static final int CONNECTIONS_PER_HOST = 10;
  private static final int IDLE_SECONDS = 30;

  private final OutgoingHosts hosts;
  private final SSLContext tls;
  private final AtomicInteger threads = new AtomicInteger();
  private @Nullable CloseableHttpAsyncClient client; // guarded by this
  private boolean closed; // guarded by this

  HttpCalls(OutgoingHosts hosts, SSLContext tls) {
    this.hosts = hosts;
    this.tls = tls;
  }

  /**
   * Posts a body. Looks the host's name up on the caller's thread, so that the client, which asks
   * again, finds the answer in the JVM's cache.
   *
   * @throws UnknownHostException if the name has no address
   * @throws IllegalArgumentException if it has none that is allowed
   * @return completes when the server has answered 2xx; exceptionally with {@link ActionFailure} if
   *     it answered otherwise, and as the client fails
   */
  CompletionStage<Void> post(URI url, Map<String, String> headers, byte[] body)
      throws UnknownHostException {
    hosts.resolve(url.getHost(), url.getPort() < 0 ? CheckedResolver.HTTPS : url.getPort());
    SimpleHttpRequest request = SimpleHttpRequest.create("POST", url);
    headers.forEach(request::setHeader);
    request.setBody(body, null);
    CompletableFuture<Void> done = new CompletableFuture<>();
    client()
        .execute(
            SimpleRequestProducer.create(request),
            new ReplyConsumer(),
            new FutureCallback<>() {
              @Override
              public void completed(Reply reply) {
                ActionFailure failure = reply.failure();
                if (failure == null) {
                  done.complete(null);
                } else {
                  done.completeExceptionally(failure);
                }
              }

              @Override
              public void failed(Exception e) {
                done.completeExceptionally(e);
              }

              @Override
              public void cancelled() {
                done.completeExceptionally(new ActionFailure("the call was cancelled", true, null));
              }
            });
    return done;
  }

  private synchronized CloseableHttpAsyncClient client() {
    if (closed) {
      throw new IllegalStateException("the HTTP action is stopping");
    }
    CloseableHttpAsyncClient running = client;
    if (running == null) {
      running = start();
      client = running;
    }
    return running;
  }

  private CloseableHttpAsyncClient start() {
    CloseableHttpAsyncClient made =
        HttpAsyncClients.custom()
            .setConnectionManager(
                PoolingAsyncClientConnectionManagerBuilder.create()
                    .setDnsResolver(new CheckedResolver(hosts))
                    .setTlsStrategy(
                        ClientTlsStrategyBuilder.create()
                            .setSslContext(tls)
                            // The policy BUILTIN checks nothing in this client: it sets the
                            // parameter after it has given the parameters to the engine.
                            .setHostVerificationPolicy(HostnameVerificationPolicy.CLIENT)
                            .setHostnameVerifier(new DefaultHostnameVerifier())
                            .buildAsync())
                    .setDefaultTlsConfig(
                        TlsConfig.custom()
                            .setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_1)
                            .setHandshakeTimeout(PATIENCE)
                            .build())
                    .setDefaultConnectionConfig(
                        ConnectionConfig.custom()
                            .setConnectTimeout(PATIENCE)
                            .setValidateAfterInactivity(TimeValue.ofSeconds(1))
                            .build())
                    .setMaxConnTotal(CONNECTIONS)
                    .setMaxConnPerRoute(CONNECTIONS_PER_HOST)
                    .build())
            .setDefaultRequestConfig(
                RequestConfig.custom()
                    .setConnectionRequestTimeout(PATIENCE)
                    .setResponseTimeout(PATIENCE)
                    .setRedirectsEnabled(false)
                    .setAuthenticationEnabled(false)
                    .build())
            .setIOReactorConfig(IOReactorConfig.custom().setIoThreadCount(1).build())
            .setThreadFactory(this::thread)
            .setUserAgent("gatehouse")
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .disableCookieManagement()
            .disableAuthCaching()
            .evictIdleConnections(TimeValue.ofSeconds(IDLE_SECONDS))
            .build();
    made.start();
    return made;
  }

  private Thread thread(Runnable task) {
    Thread thread = new Thread(task, "gatehouse-actions-http-" + threads.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public synchronized void close() {
    closed = true;
    CloseableHttpAsyncClient running = client;
    client = null;
    if (running != null) {
      running.close(CloseMode.IMMEDIATE);
    }
  }
}
