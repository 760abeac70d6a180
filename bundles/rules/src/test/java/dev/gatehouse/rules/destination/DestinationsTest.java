package dev.gatehouse.rules.destination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.json.Json;
import dev.gatehouse.testkit.InMemoryStore;
import dev.gatehouse.testkit.ManualClock;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With a real HTTPS server that is to confirm. */
class DestinationsTest {
  private static final Account ACCOUNT = new Account("123456789012", "us-east-1");
  private static final Account OTHER = new Account("210987654321", "us-east-1");
  private static final char[] PASSWORD = "changeit".toCharArray();
  private static SSLContext tls;

  private final InMemoryStore store = new InMemoryStore();
  private final ManualClock clock = new ManualClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final BlockingQueue<JsonNode> asked = new LinkedBlockingQueue<>();
  private final List<String> queries = new ArrayList<>();
  private HttpsServer server;
  private int answer = 200;
  private Destinations destinations;
  private String url;

  @BeforeAll
  static void makeCertificate(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("keys.p12");
    List<String> keytool =
        List.of(
            System.getProperty("java.home") + "/bin/keytool",
            "-genkeypair",
            "-alias",
            "one",
            "-keyalg",
            "EC",
            "-dname",
            "CN=localhost",
            "-ext",
            "SAN=dns:localhost",
            "-storepass",
            new String(PASSWORD),
            "-keystore",
            file.toString());
    Process made = new ProcessBuilder(keytool).inheritIO().start();
    assertThat(made.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD);
    }
    KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
    own.init(keys, PASSWORD);
    KeyStore anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, null);
    anchors.setCertificateEntry("one", keys.getCertificate("one"));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(anchors);
    tls = SSLContext.getInstance("TLS");
    tls.init(own.getKeyManagers(), trust.getTrustManagers(), null);
  }

  @BeforeEach
  void start() throws IOException {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    server.createContext(
        "/",
        exchange -> {
          synchronized (queries) {
            queries.add(exchange.getRequestURI().toString());
          }
          asked.add(
              Json.body(exchange.getRequestBody().readAllBytes()).tree().put("method", "POST"));
          assertThat(exchange.getRequestHeaders().getFirst("x-amz-rules-engine-message-type"))
              .isEqualTo("DestinationConfirmation");
          if (answer == 302) {
            exchange.getResponseHeaders().set("Location", "/elsewhere");
          }
          exchange.sendResponseHeaders(answer, -1);
          exchange.close();
        });
    server.start();
    url = "https://localhost:" + server.getAddress().getPort() + "/hook";
    destinations = destinations("localhost=127.0.0.0/8");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private Destinations destinations(String... hosts) {
    DestinationsConfig config = DestinationsConfig.of(List.of(hosts));
    return new Destinations(
        store,
        config,
        new Confirmations(config, () -> HttpClient.newBuilder().sslContext(tls).build()),
        clock);
  }

  private JsonNode call(
      Account account,
      String operation,
      Map<String, String> path,
      Map<String, String> query,
      String body) {
    Map<String, String> headers = Map.of("host", "gateway:8443");
    ApiRequest request =
        new ApiRequest(
            account,
            new Principal.User(account, "anna", "AIDA"),
            path,
            query,
            headers,
            body.replace('\'', '"').getBytes(StandardCharsets.UTF_8),
            "192.0.2.1",
            "request",
            clock.instant());
    byte[] made =
        destinations.operations().stream()
            .filter(candidate -> candidate.name().equals(operation))
            .findFirst()
            .orElseThrow()
            .handler()
            .handle(request)
            .toCompletableFuture()
            .join()
            .body();
    return made.length == 0 ? Json.object() : Json.body(made).tree();
  }

  private JsonNode create(String confirmationUrl) {
    return call(
            ACCOUNT,
            "CreateTopicRuleDestination",
            Map.of(),
            Map.of(),
            "{'destinationConfiguration':{'httpUrlConfiguration':{'confirmationUrl':'%s'}}}"
                .formatted(confirmationUrl))
        .get("topicRuleDestination");
  }

  private JsonNode get(String arn) {
    return call(ACCOUNT, "GetTopicRuleDestination", Map.of("arn", arn), Map.of(), "")
        .get("topicRuleDestination");
  }

  private void update(String arn, String status) {
    call(
        ACCOUNT,
        "UpdateTopicRuleDestination",
        Map.of(),
        Map.of(),
        "{'arn':'%s','status':'%s'}".formatted(arn, status));
  }

  private void confirm(String token) {
    Map<String, String> path = Map.of("confirmationToken", token);
    call(OTHER, "ConfirmTopicRuleDestination", path, Map.of(), "");
  }

  private JsonNode asked() throws InterruptedException {
    JsonNode message = asked.poll(10, TimeUnit.SECONDS);
    assertThat(message).as("a question").isNotNull();
    return message;
  }

  private static void refused(Runnable call, ErrorCode code, String words) {
    assertThatThrownBy(call::run)
        .satisfies(
            thrown -> {
              Throwable cause = thrown instanceof ServiceException ? thrown : thrown.getCause();
              assertThat(((ServiceException) cause).code()).isEqualTo(code);
              assertThat(cause).hasMessageContaining(words);
            });
  }

  @Test
  void aDestinationIsEnabledByTheTokenThatItsUrlWasSent() throws Exception {
    JsonNode made = create(url + "?a=b");
    String arn = made.get("arn").asText();
    assertThat(arn).startsWith("arn:aws:iot:us-east-1:123456789012:ruledestination/http/");
    assertThat(made.get("status").asText()).isEqualTo("IN_PROGRESS");
    JsonNode message = asked();
    String token = message.get("confirmationToken").asText();
    assertThat(message.get("messageType").asText()).isEqualTo("DestinationConfirmation");
    assertThat(message.get("arn").asText()).isEqualTo(arn);
    assertThat(message.get("enableUrl").asText())
        .isEqualTo("https://gateway:8443/confirmdestination/" + token);
    assertThat(queries).containsExactly("/hook?a=b&confirmationToken=" + token);
    refused(() -> update(arn, "ENABLED"), ErrorCode.INVALID_REQUEST, "has not been confirmed");
    clock.advance(Duration.ofSeconds(5));
    confirm(token);
    assertThat(get(arn).get("status").asText()).isEqualTo("ENABLED");
    assertThat(get(arn).get("lastUpdatedAt").asLong() - get(arn).get("createdAt").asLong())
        .isEqualTo(5);
    assertThat(get(arn).at("/httpUrlProperties/confirmationUrl").asText()).isEqualTo(url + "?a=b");
    refused(() -> confirm(token), ErrorCode.INVALID_REQUEST, "was used before");
    update(arn, "DISABLED");
    assertThat(get(arn).get("status").asText()).isEqualTo("DISABLED");
    update(arn, "ENABLED");
    assertThat(get(arn).get("status").asText()).isEqualTo("ENABLED");
  }

  @Test
  void askingOnceMoreMakesTheFirstTokenWorthless() throws Exception {
    String arn = create(url).get("arn").asText();
    String first = asked().get("confirmationToken").asText();
    update(arn, "IN_PROGRESS");
    String second = asked().get("confirmationToken").asText();
    refused(() -> confirm(first), ErrorCode.INVALID_REQUEST, "token");
    clock.advance(Duration.ofDays(4));
    refused(() -> confirm(second), ErrorCode.INVALID_REQUEST, "older than three days");
    update(arn, "IN_PROGRESS");
    confirm(asked().get("confirmationToken").asText());
    assertThat(get(arn).get("status").asText()).isEqualTo("ENABLED");
  }

  @ParameterizedTest
  @CsvSource({"404, answered 404", "302, answered 302", "500, answered 500"})
  void aUrlThatDoesNotWantIsAnError(int status, String reason) throws Exception {
    answer = status;
    String arn = create(url).get("arn").asText();
    Awaitility.await().until(() -> get(arn).get("status").asText().equals("ERROR"));
    assertThat(get(arn).get("statusReason").asText()).contains(reason);
    assertThat(asked).as("no redirect is followed").hasSize(1);
  }

  @Test
  void nobodyThereIsAnErrorToo() {
    server.stop(0);
    String arn = create(url).get("arn").asText();
    Awaitility.await().until(() -> get(arn).get("status").asText().equals("ERROR"));
    assertThat(get(arn).get("statusReason").asText()).contains("could not be reached");
  }

  @Test
  void aUrlIsThereOnceUntilItIsDeleted() throws Exception {
    String arn = create(url).get("arn").asText();
    refused(() -> create(url), ErrorCode.RESOURCE_ALREADY_EXISTS, url);
    String token = asked().get("confirmationToken").asText();
    call(ACCOUNT, "DeleteTopicRuleDestination", Map.of("arn", arn), Map.of(), "");
    refused(() -> get(arn), ErrorCode.UNAUTHORIZED, "does not exist");
    refused(() -> confirm(token), ErrorCode.INVALID_REQUEST, "token");
    create(url);
  }

  @Test
  void listsComeInPagesAndNoAccountSeesAnothers() {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      made.add(create(url + i).get("arn").asText());
    }
    List<String> listed = new ArrayList<>();
    Map<String, String> query = new HashMap<>(Map.of("maxResults", "2"));
    JsonNode page;
    do {
      page = call(ACCOUNT, "ListTopicRuleDestinations", Map.of(), query, "");
      page.get("destinationSummaries")
          .forEach(
              one -> {
                listed.add(one.get("arn").asText());
                assertThat(one.at("/httpUrlSummary/confirmationUrl").asText()).startsWith(url);
              });
      query.put("nextToken", page.path("nextToken").asText());
    } while (page.has("nextToken"));
    assertThat(listed).containsExactlyInAnyOrderElementsOf(made);
    assertThat(
            call(OTHER, "ListTopicRuleDestinations", Map.of(), Map.of(), "")
                .get("destinationSummaries"))
        .isEmpty();
    refused(
        () -> call(OTHER, "GetTopicRuleDestination", Map.of("arn", made.get(0)), Map.of(), ""),
        ErrorCode.UNAUTHORIZED,
        "denied");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http://localhost/hook | must be https",
        "https:///hook | must be https",
        "https://user:word@localhost/hook | must be https",
        "file:///etc/passwd | must be https",
        "https://local host/ | is no URL",
        "https://evil.example/hook | evil.example:443 is not allowed",
        "https://localhost.evil.example/hook | is not allowed",
        "https://127.0.0.1/hook | is not allowed",
      })
  void whatMayNotBeCalledIsRefused(String confirmationUrl, String words) {
    refused(() -> create(confirmationUrl), ErrorCode.INVALID_REQUEST, words);
    assertThat(asked).isEmpty();
  }

  @Test
  void hostsAreAllowedWithAndWithoutPortAndByDomain() {
    destinations = destinations("a.example:8443", "*.b.example", "C.example");
    for (String allowed :
        List.of("a.example:8443", "x.b.example", "x.y.b.example:1", "c.example", "c.EXAMPLE:9")) {
      create("https://" + allowed + "/");
    }
    for (String not : List.of("a.example", "a.example:443", "b.example", "xb.example")) {
      refused(() -> create("https://" + not + "/"), ErrorCode.INVALID_REQUEST, "is not allowed");
    }
    assertThatThrownBy(() -> destinations("https://a.example/"))
        .hasMessageContaining("hosts: 'https://a.example/' is not HOST");
  }

  @Test
  void anAddressOfNoPublicNetworkIsCalledOnlyInTheRangeThatItsHostIsListedWith() {
    destinations = destinations("localhost", "*.lan.example=192.168.0.0/16");
    String arn = create(url).path("arn").asText();
    Awaitility.await().until(() -> get(arn).path("status").asText().equals("ERROR"));
    assertThat(asked).isEmpty();
    assertThat(get(arn).path("statusReason").asText())
        .contains("localhost has only addresses that are not of the Internet", "localhost=RANGE");
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.2.3, false",
    "172.16.0.1, false",
    "192.168.1.1, false",
    "127.0.0.1, false",
    "169.254.169.254, false",
    "0.0.0.0, false",
    "0.1.2.3, false",
    "100.64.0.1, false",
    "192.0.0.8, false",
    "198.19.0.1, false",
    "224.0.0.1, false",
    "255.255.255.255, false",
    "::1, false",
    "::, false",
    "fe80::1, false",
    "fd00::1, false",
    "ff02::1, false",
    "::ffff:10.0.0.1, false",
    "64:ff9b::a00:1, false",
    "2002:a00:1::1, false",
    "93.184.216.34, true",
    "100.128.0.1, true",
    "2606:2800:220:1::1, true",
  })
  void addressesThatTheInternetDoesNotRouteAreRefused(String address, boolean allowed)
      throws Exception {
    AllowedHost host = AllowedHost.parse("a.example:8443");
    assertThat(host.allows(InetAddress.getByName(address))).isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.0.1, true",
    "10.0.0.0/8, 11.0.0.1, false",
    "192.168.1.64/26, 192.168.1.127, true",
    "192.168.1.64/26, 192.168.1.128, false",
    "fd00::/8, fdff::1, true",
    "fd00::/8, 10.0.0.1, false",
    "0.0.0.0/0, 127.0.0.1, true",
  })
  void rangesAreOfTheirFirstBits(String range, String address, boolean inside) throws Exception {
    assertThat(AddressRange.parse(range).contains(InetAddress.getByName(address)))
        .isEqualTo(inside);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a.example=10.0.0.0", "a.example=10.0.0.0/33", "a.example=b.example/8", "a=/8"})
  void aRangeThatIsNoneIsRefused(String entry) {
    assertThatThrownBy(() -> DestinationsConfig.of(List.of(entry)))
        .hasMessageContaining("dev.gatehouse.rules.destinations: hosts:");
  }

  @Test
  void theListIsToldToActionsWithTheStatusOfDestinations() throws Exception {
    destinations = destinations("localhost:1=127.0.0.0/8");
    assertThat(destinations.refusal(URI.create("https://localhost:1/x"))).isEmpty();
    assertThat(destinations.refusal(URI.create("https://localhost/x")))
        .contains(
            "localhost:443 is not allowed: add it to hosts of dev.gatehouse.rules.destinations");
    assertThat(destinations.refusal(URI.create("https://[::1]:1/")).orElseThrow()).contains("IPv6");
    assertThat(destinations.resolve("localhost", 1)).allMatch(InetAddress::isLoopbackAddress);
    assertThatThrownBy(() -> destinations.resolve("localhost", 2))
        .isInstanceOf(IllegalArgumentException.class);
    create("https://localhost:1/x");
    assertThat(destinations.status(ACCOUNT, "https://localhost:1/x")).isPresent();
    assertThat(destinations.status(OTHER, "https://localhost:1/x")).isEmpty();
    assertThat(destinations.status(ACCOUNT, "https://localhost:1/y")).isEmpty();
  }

  @Test
  void aVpcIsNotServedAndNothingIsNoDestination() {
    String vpc = "{'destinationConfiguration':{'vpcConfiguration':{'vpcId':'v'}}}";
    for (String body : List.of(vpc, "{}", "{'destinationConfiguration':{}}")) {
      refused(
          () -> call(ACCOUNT, "CreateTopicRuleDestination", Map.of(), Map.of(), body),
          ErrorCode.INVALID_REQUEST,
          "onfiguration");
    }
  }
}
