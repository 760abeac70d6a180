package dev.gatehouse.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.http.ApiHandler;
import dev.gatehouse.api.http.ApiModule;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.IotServices;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Authentication;
import dev.gatehouse.api.identity.Authenticator;
import dev.gatehouse.api.identity.Decision;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.identity.Rights;
import dev.gatehouse.api.identity.SigningKeys;
import dev.gatehouse.api.identity.TlsIdentity;
import dev.gatehouse.testkit.FixedMemory;
import dev.gatehouse.testkit.InMemoryBus;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An edge on a free port. Server and client share one certificate, which everybody trusts. */
@Timeout(30)
abstract class EdgeHarness {
  static final Account ACCOUNT = new Account("000000000000", "us-east-1");
  private static final char[] PASSWORD = "password".toCharArray();

  private static X509ExtendedKeyManager keys;
  private static X509ExtendedTrustManager trust;
  private static SSLContext clientTls;
  static SSLContext strangersTls;

  final Map<String, ApiHandler> handlers = new ConcurrentHashMap<>();
  final ApiModule module =
      new Module(
          "shadow",
          List.of(operation("GetThingShadow", "GET"), operation("UpdateThingShadow", "POST")));
  FixedMemory memory = new FixedMemory(budgetBytes());
  HttpEdge edge;

  record Module(String name, List<ApiOperation> operations) implements ApiModule {}

  private ApiOperation operation(String name, String method) {
    return new ApiOperation(
        name,
        IotServices.IOT_DATA,
        method,
        "/things/{thingName}/shadow",
        "iot:" + name,
        request -> "*",
        1000,
        request -> handlers.get(name).handle(request));
  }

  @BeforeAll
  static void makeCertificate(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "one",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=localhost",
                "-validity",
                "3650",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                new String(PASSWORD))
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (keytool.waitFor() != 0) {
      throw new IllegalStateException(said);
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    KeyStore anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, null);
    anchors.setCertificateEntry("one", store.getCertificate("one"));
    KeyManagerFactory keyFactory = KeyManagerFactory.getInstance("NewSunX509");
    keyFactory.init(store, PASSWORD);
    TrustManagerFactory trustFactory = TrustManagerFactory.getInstance("PKIX");
    trustFactory.init(anchors);
    keys = (X509ExtendedKeyManager) keyFactory.getKeyManagers()[0];
    trust = (X509ExtendedTrustManager) trustFactory.getTrustManagers()[0];
    clientTls = SSLContext.getInstance("TLS");
    clientTls.init(keyFactory.getKeyManagers(), trustFactory.getTrustManagers(), null);
    strangersTls = SSLContext.getInstance("TLS");
    strangersTls.init(null, trustFactory.getTrustManagers(), null);
  }

  /** The memory that all shares have together. */
  long budgetBytes() {
    return 1L << 30;
  }

  /** In which a request must have arrived. */
  int requestSeconds() {
    return 1;
  }

  @BeforeEach
  void start() throws Exception {
    edge =
        new HttpEdge(
            new OwnTls(),
            new Everybody(),
            (principal, variables) -> new Allowed(),
            this::signingKey,
            () -> ACCOUNT,
            new InMemoryBus(),
            memory,
            new HttpSettings(
                0,
                "127.0.0.1",
                "localhost",
                64 << 10,
                100,
                0,
                requestSeconds(),
                4,
                Limits.of(1, "")),
            Clock.systemUTC());
    edge.addModule(module);
  }

  /** The key of a signed call; nobody has one here. */
  Optional<SigningKeys.SigningKey> signingKey(
      String id, String date, String region, String service, @Nullable String token) {
    return Optional.empty();
  }

  /** The value of a metric of the edge. */
  double metric(String name) {
    return edge.metrics().stream()
        .filter(metric -> metric.name().equals(name))
        .findFirst()
        .orElseThrow()
        .value();
  }

  @AfterEach
  void stop() {
    edge.deactivate();
  }

  private record OwnTls() implements TlsIdentity {
    @Override
    public X509ExtendedKeyManager serverKeys() {
      return keys;
    }

    @Override
    public X509ExtendedTrustManager deviceTrust() {
      return trust;
    }

    @Override
    public List<String> protocols() {
      return List.of("TLSv1.3");
    }

    @Override
    public List<String> cipherSuites() {
      return List.of("TLS_AES_128_GCM_SHA256");
    }
  }

  private record Everybody() implements Authenticator {
    @Override
    public CompletionStage<Authentication> certificate(List<X509Certificate> chain) {
      return CompletableFuture.completedFuture(
          new Authentication.Accepted(new Principal.Anonymous(ACCOUNT, "device")));
    }

    @Override
    public Authentication anonymous() {
      throw new IllegalStateException("there is TLS here");
    }
  }

  private record Allowed() implements Rights {
    @Override
    public Decision decide(String action, String resource) {
      return Decision.ALLOWED;
    }

    @Override
    public long revision() {
      return 0;
    }
  }

  /** An answer. */
  record Answer(int status, Map<String, String> headers, String body) {
    String error() {
      return headers.getOrDefault("x-amzn-errortype", "");
    }
  }

  /** Sends text as it is. */
  final class Client implements AutoCloseable {
    private final SSLSocket socket;
    private final BufferedReader in;

    /** Shows a certificate, and offers these protocols by ALPN. */
    Client(String... protocols) throws IOException {
      this(clientTls, protocols);
    }

    /** Offers these protocols by ALPN. */
    Client(SSLContext tls, String... protocols) throws IOException {
      socket = (SSLSocket) tls.getSocketFactory().createSocket("127.0.0.1", edge.port());
      in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      socket.setSoTimeout(10_000);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(protocols);
      socket.setSSLParameters(parameters);
    }

    /** The next byte. */
    int read() throws IOException {
      return in.read();
    }

    Client send(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      return this;
    }

    /** Sends a request whose head is these lines. */
    Client request(String... lines) throws IOException {
      return send(String.join("\r\n", lines) + "\r\n\r\n");
    }

    /** The next answer; of a HEAD request it has no body. */
    Answer answer(boolean head) throws IOException {
      String line = in.readLine();
      if (line == null) {
        throw new IOException("closed");
      }
      int status = Integer.parseInt(line.split(" ")[1]);
      Map<String, String> headers = new TreeMap<>();
      for (line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        int colon = line.indexOf(':');
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).trim());
      }
      char[] body =
          new char[head ? 0 : Integer.parseInt(headers.getOrDefault("content-length", "0"))];
      for (int read = 0; read < body.length; ) {
        read += in.read(body, read, body.length - read);
      }
      if (status >= 200) {
        assertThat(headers).as("of every answer").containsKey("x-amzn-requestid");
      }
      if (status >= 400 && !"text/xml".equals(headers.get("content-type"))) {
        assertThat(headers).as("of every error in JSON").containsKey("x-amzn-errortype");
      }
      return new Answer(status, headers, new String(body));
    }

    Answer answer() throws IOException {
      return answer(false);
    }

    /** Whether the server has closed the connection. */
    boolean closed() throws IOException {
      return in.read() < 0;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
