package dev.gatehouse.actions.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.outgoing.OutgoingHosts;
import dev.gatehouse.api.rules.action.ActionFailure;
import dev.gatehouse.api.rules.action.ActionSettings;
import dev.gatehouse.api.telemetry.Metric;
import dev.gatehouse.testkit.ActionStand;
import dev.gatehouse.testkit.OneRole;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With a real HTTPS server, whose names no DNS knows. */
final class HttpActionTest {
  private static final Account ACCOUNT = new Account("000000000000", "us-east-1");
  private static final OneRole NO_ROLE = new OneRole("none", (action, resource) -> false);
  private static final Message MESSAGE =
      Message.internal(ACCOUNT, "test", new TopicName("t"), Payload.ofText("source"), 1);
  private static final char[] PASSWORD = "changeit".toCharArray();
  private static SSLContext tls;

  /** A request as the server saw it. */
  private record Seen(String line, Headers headers, String body) {}

  private final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
  private final Map<String, String> destinations = new HashMap<>();
  private HttpsServer server;
  private volatile int answer = 200;
  private volatile int length = -1;
  private volatile boolean hangUp;
  private HttpType type;
  private String hook;

  @BeforeAll
  static void makeCertificate(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("keys.p12");
    Process made =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/keytool",
                "-genkeypair",
                "-alias",
                "one",
                "-keyalg",
                "EC",
                "-dname",
                "CN=hooks.example",
                "-ext",
                "SAN=dns:hooks.example",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                file.toString())
            .inheritIO()
            .start();
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
    server.createContext("/", this::serve);
    server.start();
    hook = "https://hooks.example:" + server.getAddress().getPort() + "/hook";
    destinations.put(hook, "ENABLED");
    type =
        new HttpType(
            new Hosts(), (account, url) -> Optional.ofNullable(destinations.get(url)), tls);
  }

  @AfterEach
  void stop() {
    type.deactivate();
    server.stop(0);
  }

  private void serve(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes());
    seen.add(
        new Seen(
            exchange.getRequestMethod() + " " + exchange.getRequestURI(),
            exchange.getRequestHeaders(),
            body));
    if (hangUp) {
      exchange.close();
      return;
    }
    if (answer / 100 == 3) {
      exchange.getResponseHeaders().set("Location", "/elsewhere");
    }
    exchange.sendResponseHeaders(answer, length < 0 ? -1 : length);
    if (length > 0) {
      exchange.getResponseBody().write(new byte[length]);
    }
    exchange.close();
  }

  /** Knows names as a list of hosts would; only it can tell where they lead. */
  private static final class Hosts implements OutgoingHosts {
    @Override
    public Optional<String> refusal(URI url) {
      return url.getHost().endsWith(".example") ? Optional.empty() : Optional.of("is not allowed");
    }

    @Override
    public List<InetAddress> resolve(String host, int port) throws UnknownHostException {
      if (host.startsWith("unknown.")) {
        throw new UnknownHostException(host);
      }
      if (host.startsWith("private.")) {
        throw new IllegalArgumentException(host + " has only addresses that are not allowed");
      }
      return List.of(InetAddress.getLoopbackAddress());
    }
  }

  private static ActionSettings settings(Map<String, String> texts, String... headers) {
    Map<String, ActionSettings.Value> all = new HashMap<>(ActionSettings.ofTexts(texts).values());
    List<ActionSettings.Value> pairs = new java.util.ArrayList<>();
    for (int i = 0; i < headers.length; i += 2) {
      pairs.add(
          new ActionSettings.Members(
              ActionSettings.ofTexts(Map.of("key", headers[i], "value", headers[i + 1]))));
    }
    if (!pairs.isEmpty()) {
      all.put("headers", new ActionSettings.Items(pairs));
    }
    return new ActionSettings(all);
  }

  private CompletableFuture<Void> send(ActionSettings settings, String payload) {
    return new ActionStand(type, ACCOUNT, settings, NO_ROLE, Clock.systemUTC())
        .execute(Payload.ofText(payload), MESSAGE);
  }

  private void succeeds(ActionSettings settings, String payload) throws Exception {
    send(settings, payload).get(20, TimeUnit.SECONDS);
  }

  private Throwable failure(ActionSettings settings) throws Exception {
    try {
      send(settings, "{}").get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      return e.getCause();
    }
    throw new AssertionError("it did not fail");
  }

  private ActionSettings toHook() {
    return settings(Map.of("url", hook));
  }

  @Test
  void thePayloadIsPostedToTheAddressThatWasCheckedUnderTheNameOfTheHost() throws Exception {
    succeeds(toHook(), "{\"t\":20}");
    Seen request = seen.take();
    assertThat(request.line()).isEqualTo("POST /hook");
    assertThat(request.body()).isEqualTo("{\"t\":20}");
    assertThat(request.headers().getFirst("Content-Type")).isEqualTo("application/json");
    assertThat(request.headers().getFirst("Host")).startsWith("hooks.example:");
    assertThat(type.metrics()).contains(Metric.counter("actions_http_sent_total", 1));
  }

  @Test
  void headersOfTheRuleAreSentAndTheContentTypeMayBeOneOfThem() throws Exception {
    succeeds(settings(Map.of("url", hook), "X-Key", "a b", "CONTENT-type", "text/x"), "{}");
    Seen request = seen.take();
    assertThat(request.headers().getFirst("X-Key")).isEqualTo("a b");
    assertThat(request.headers().get("Content-Type")).containsExactly("text/x");
    succeeds(toHook(), "no JSON");
    assertThat(seen.take().headers().getFirst("Content-Type"))
        .isEqualTo("application/octet-stream");
  }

  @ParameterizedTest
  @CsvSource({
    "302, false",
    "400, false",
    "403, false",
    "404, false",
    "408, true",
    "429, true",
    "500, true",
    "503, true"
  })
  void anAnswerThatIsNoSuccessFails(int status, boolean retryable) throws Exception {
    answer = status;
    assertThat(failure(toHook()))
        .isInstanceOfSatisfying(
            ActionFailure.class, failure -> assertThat(failure.retryable()).isEqualTo(retryable))
        .hasMessageContaining("answered " + status);
    assertThat(seen).as("no redirect was followed, nothing was tried again").hasSize(1);
  }

  @Test
  void aLongAnswerIsNotReadToItsEnd() throws Exception {
    length = 16_384;
    succeeds(toHook(), "{}");
    length = 1 << 20;
    assertThat(failure(toHook()))
        .isInstanceOfSatisfying(
            ActionFailure.class, failure -> assertThat(failure.retryable()).isFalse())
        .hasMessageContaining("more than 16384 bytes");
  }

  @Test
  void aServerThatHangsUpOrIsAwayMayTakeTheMessageLater() throws Exception {
    hangUp = true;
    assertThat(failure(toHook())).matches(failure -> ((ActionFailure) failure).retryable());
    assertThat(seen).hasSize(1);
    server.stop(0);
    assertThat(failure(toHook())).matches(failure -> ((ActionFailure) failure).retryable());
    String unknown = hook.replace("hooks.", "unknown.");
    destinations.put(unknown, "ENABLED");
    assertThat(failure(settings(Map.of("url", unknown))))
        .matches(failure -> ((ActionFailure) failure).retryable());
  }

  @Test
  void aServerWithTheCertificateOfAnotherHostGetsNothing() throws Exception {
    String other = hook.replace("hooks.", "other.");
    destinations.put(other, "ENABLED");
    assertThat(failure(settings(Map.of("url", other)))).hasMessageContaining("other.example");
    assertThat(seen).isEmpty();
  }

  @Test
  void anAddressThatIsNotAllowedIsNotCalled() throws Exception {
    String inside = hook.replace("hooks.", "private.");
    destinations.put(inside, "ENABLED");
    assertThat(failure(settings(Map.of("url", inside))))
        .isInstanceOfSatisfying(
            ActionFailure.class, failure -> assertThat(failure.retryable()).isFalse())
        .hasMessageContaining("not allowed");
  }

  @Test
  void onlyAConfirmedDestinationIsCalled() throws Exception {
    destinations.put(hook, "DISABLED");
    assertThat(failure(toHook())).hasMessageContaining("is DISABLED, not ENABLED");
    destinations.clear();
    assertThat(failure(toHook())).hasMessageContaining("is absent, not ENABLED");
    assertThat(seen).isEmpty();
  }

  @Test
  void aUrlFromATemplateIsCalledBelowItsConfirmedUrlOnly() throws Exception {
    succeeds(settings(Map.of("url", hook + "/a?b=c", "confirmationUrl", hook)), "{}");
    assertThat(seen.take().line()).isEqualTo("POST /hook/a?b=c");
    for (String url :
        List.of(
            hook + "er",
            hook + "/../x",
            hook + "/%2E%2e/x",
            hook.replace("hooks.", "other."),
            hook.replace("/hook", "1/hook"),
            hook.replace("hooks.example", "hooks.example@other.example"),
            hook.replace("https", "http"),
            "https://hooks.example/hook")) {
      assertThat(failure(settings(Map.of("url", url, "confirmationUrl", hook))))
          .as(url)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(seen).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nHost: x", "a\u0000b", "ä", "a\nb"})
  void aHeaderValueThatIsNotPrintableFailsForGood(String value) throws Exception {
    assertThat(failure(settings(Map.of("url", hook), "x", value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("header 'x' is not printable ASCII");
    assertThat(seen).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Host", "content-LENGTH", "Transfer-Encoding", "connection", "expect"})
  void aHeaderThatFramesTheRequestIsRefusedAtCreation(String name) {
    assertThatThrownBy(() -> type.validate(settings(Map.of("url", hook), name, "x")))
        .isInstanceOf(ServiceException.class)
        .hasMessageContaining("header '" + name + "' may not be set");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "http://hooks.example/, -, is not https",
        "https://u:p@hooks.example/, -, without user",
        "https://hooks.example/#f, -, fragment",
        "https://hooks.elsewhere/, -, is not allowed",
        "https://hooks.example/${topic()}, -, confirmationUrl is missing",
        "https://hooks.example/a, https://hooks.example/b, does not begin with",
        "https://hooks.example/a, ftp://hooks.example/a, is not https",
        "nothing, -, is not https",
      })
  void aUrlThatCannotWorkIsRefusedAtCreation(String url, String confirmation, String reason) {
    Map<String, String> texts = new HashMap<>(Map.of("url", url));
    if (confirmation != null) {
      texts.put("confirmationUrl", confirmation);
    }
    assertThatThrownBy(() -> type.validate(settings(texts)))
        .isInstanceOf(ServiceException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void aTemplateBelowAConfirmedUrlIsAccepted() {
    type.validate(
        settings(
            Map.of("url", "https://hooks.example/${topic()}", "confirmationUrl", hook),
            "x",
            "${topic()}"));
  }

  @Test
  void aStoppedActionFailsButMayBeTriedAgain() throws Exception {
    succeeds(toHook(), "{}");
    type.deactivate();
    assertThat(failure(toHook())).matches(failure -> ((ActionFailure) failure).retryable());
  }
}
