package dev.gatehouse.rules.destination;

import dev.gatehouse.api.outgoing.OutgoingHosts;
import dev.gatehouse.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks whoever is behind a URL to confirm that they want messages of rules (AWS IoT: Working with
 * HTTP topic rule destinations). Redirects are not followed: they could lead to another host.
 */
final class Confirmations {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final OutgoingHosts hosts;
  private final Supplier<HttpClient> clients;
  private @Nullable HttpClient client; // made when it is first needed: it has threads of its own

  Confirmations(OutgoingHosts hosts) {
    this(
        hosts,
        () ->
            HttpClient.newBuilder()
                .connectTimeout(PATIENCE)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build());
  }

  Confirmations(OutgoingHosts hosts, Supplier<HttpClient> clients) {
    this.hosts = hosts;
    this.clients = clients;
  }

  private synchronized HttpClient client() {
    HttpClient present = client;
    if (present == null) {
      present = clients.get();
      client = present;
    }
    return present;
  }

  /** Completes with what is wrong, or empty; never exceptionally. */
  CompletionStage<String> ask(Destination destination, String token, String enableUrl) {
    String url = destination.url();
    String query =
        (url.contains("?") ? "&" : "?")
            + "confirmationToken="
            + URLEncoder.encode(token, StandardCharsets.UTF_8);
    byte[] body =
        Json.bytes(
            Json.object()
                .put("arn", destination.arn())
                .put("confirmationToken", token)
                .put("enableUrl", enableUrl)
                .put("messageType", "DestinationConfirmation"));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + query))
            .timeout(PATIENCE)
            .header("content-type", "application/json")
            .header("x-amz-rules-engine-message-type", "DestinationConfirmation")
            .header("x-amz-rules-engine-destination-arn", destination.arn())
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    return CompletableFuture.runAsync(() -> checkAddress(request.uri()))
        .thenCompose(checked -> client().sendAsync(request, HttpResponse.BodyHandlers.discarding()))
        .handle(Confirmations::problem);
  }

  /**
   * This client looks the name up once more, which the JVM answers from its cache for 30 s; it
   * connects to the first address.
   */
  private void checkAddress(URI url) {
    try {
      List<InetAddress> allowed =
          hosts.resolve(url.getHost(), url.getPort() < 0 ? 443 : url.getPort());
      InetAddress first = InetAddress.getByName(url.getHost());
      if (!allowed.contains(first)) {
        throw new IllegalArgumentException(
            url.getHost()
                + " has the address "
                + first.getHostAddress()
                + ", which is not allowed");
      }
    } catch (UnknownHostException e) {
      throw new CompletionException(new UnknownHostException(url.getHost() + " has no address"));
    }
  }

  private static String problem(@Nullable HttpResponse<Void> answer, @Nullable Throwable failure) {
    if (answer == null) {
      Throwable cause =
          failure instanceof CompletionException && failure.getCause() != null
              ? failure.getCause()
              : failure;
      String reason =
          cause instanceof IOException || cause instanceof IllegalArgumentException
              ? String.valueOf(((Exception) cause).getMessage())
              : String.valueOf(cause);
      return "the URL could not be reached: " + reason;
    }
    return answer.statusCode() / 100 == 2
        ? ""
        : String.format(Locale.ROOT, "the URL answered %d, not 2xx", answer.statusCode());
  }
}
