package dev.gatehouse.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Authentication;
import dev.gatehouse.api.identity.Authenticator;
import dev.gatehouse.api.identity.Decision;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.identity.Rights;
import dev.gatehouse.api.identity.TlsIdentity;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.PublishOutcome;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.session.Session;
import dev.gatehouse.api.session.SessionEnd;
import dev.gatehouse.api.session.SessionOpening;
import dev.gatehouse.api.session.SessionRequest;
import dev.gatehouse.api.session.SessionSink;
import dev.gatehouse.api.session.Sessions;
import dev.gatehouse.api.session.SubscribeResult;
import dev.gatehouse.api.session.SubscriptionRequest;
import dev.gatehouse.api.session.WillRights;
import dev.gatehouse.testkit.FixedMemory;
import dev.gatehouse.testkit.ManualClock;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.PushbackInputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** An edge on a loopback port, with a broker that does as it is told. */
@Timeout(20)
abstract class EdgeHarness {
  static final Account ACCOUNT = new Account("000000000000", "us-east-1");
  static final Principal WHO = new Principal.Anonymous(ACCOUNT, "local");
  static final String CONNECT_4 = "100d00044d5154540402003c000161";
  static final String CONNECT_5 = "100e00044d5154540502003c00000161";
  static final String CONNACK_4 = "20020000";

  final Broker broker = new Broker();
  final Set<String> denied = ConcurrentHashMap.newKeySet();
  volatile Authentication authentication = new Authentication.Accepted(WHO);
  MqttEdge edge;

  @BeforeEach
  void start() throws Exception {
    edge =
        new MqttEdge(
            sessions(),
            new Authenticator() {
              @Override
              public CompletionStage<Authentication> certificate(List<X509Certificate> chain) {
                throw new IllegalStateException("there is no TLS here");
              }

              @Override
              public Authentication anonymous() {
                return authentication;
              }
            },
            (principal, variables) -> rights(),
            new NoTls(),
            new MqttSettings(0, -1, "", 1),
            limits(),
            new EdgeMemory(memory()),
            clock(),
            null);
  }

  Sessions sessions() {
    return broker;
  }

  Clock clock() {
    return new ManualClock(Instant.EPOCH);
  }

  /** Small ones where tests meet them. */
  MqttLimits limits() {
    return new MqttLimits(
        false, 65_535, 65_535, 1_000, 1 << 20, 1 << 20, 3, 100, 1_000, 4, 0, 1_200, 0, 100, 5, 0,
        500, false, 32 << 20);
  }

  FixedMemory memory() {
    return new FixedMemory();
  }

  @AfterEach
  void stop() {
    edge.deactivate();
  }

  private Rights rights() {
    return new Rights() {
      @Override
      public Decision decide(String action, String resource) {
        String what = action + " " + resource.split(":", 6)[5];
        return denied.contains(what) ? Decision.IMPLICITLY_DENIED : Decision.ALLOWED;
      }

      @Override
      public long revision() {
        return denied.size();
      }
    };
  }

  Client connected(String connect) throws IOException {
    Client client = new Client();
    client.send(connect);
    assertThat(client.packet()).startsWith("20").matches("20..0000.*");
    return client;
  }

  static String variable(int value) {
    StringBuilder hex = new StringBuilder();
    int rest = value;
    do {
      int b = rest & 0x7F;
      rest >>>= 7;
      hex.append("%02x".formatted(rest > 0 ? b | 0x80 : b));
    } while (rest > 0);
    return hex.toString();
  }

  /** Speaks in hex. */
  final class Client implements AutoCloseable {
    private final Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), edge.listeners().get(0).port());
    private final PushbackInputStream back = new PushbackInputStream(socket.getInputStream());
    private final DataInputStream in = new DataInputStream(back);

    Client() throws IOException {
      socket.setSoTimeout(10_000);
      socket.setTcpNoDelay(true);
    }

    void send(String hex) throws IOException {
      socket.getOutputStream().write(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    /** The next packet, or "closed". */
    String packet() throws IOException {
      int first;
      try {
        first = in.read();
      } catch (java.net.SocketException e) {
        return "closed";
      }
      if (first < 0) {
        return "closed";
      }
      StringBuilder hex = new StringBuilder("%02x".formatted(first));
      int length = 0;
      int b;
      int shift = 0;
      do {
        b = in.readUnsignedByte();
        hex.append("%02x".formatted(b));
        length |= (b & 0x7F) << shift;
        shift += 7;
      } while (b > 0x7F);
      byte[] body = new byte[length];
      in.readFully(body);
      return hex.append(HexFormat.of().formatHex(body)).toString();
    }

    /** Whether the server closes while nothing is read; what it sends meanwhile stays. */
    boolean closedWithin(int millis) throws IOException {
      if (in.available() > 0) {
        return false;
      }
      socket.setSoTimeout(millis);
      try {
        return pushedBack(in.read());
      } catch (java.net.SocketTimeoutException open) {
        return false;
      } catch (java.net.SocketException reset) {
        return true;
      } finally {
        socket.setSoTimeout(10_000);
      }
    }

    private boolean pushedBack(int read) throws IOException {
      if (read >= 0) {
        back.unread(read);
      }
      return read < 0;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  /** One session for all, which does as it is told. */
  static final class Broker implements Sessions, Session {
    final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    final BlockingQueue<SessionSink> sinks = new LinkedBlockingQueue<>();
    final BlockingQueue<SessionEnd> ends = new LinkedBlockingQueue<>();
    volatile CompletionStage<SessionOpening> opening =
        CompletableFuture.completedFuture(new SessionOpening.Opened(this, false));
    volatile Function<Message, CompletionStage<PublishOutcome>> publish =
        message -> CompletableFuture.completedFuture(PublishOutcome.DELIVERED);
    volatile Function<List<SubscriptionRequest>, CompletionStage<List<SubscribeResult>>> subscribe =
        all ->
            CompletableFuture.completedFuture(
                all.stream().map(one -> SubscribeResult.GRANTED_QOS_1).toList());

    volatile Function<List<TopicFilter>, CompletionStage<List<Boolean>>> unsubscribe =
        all -> CompletableFuture.completedFuture(all.stream().map(one -> true).toList());
    final BlockingQueue<SessionRequest> requests = new LinkedBlockingQueue<>();
    final BlockingQueue<SubscriptionRequest> subscribed = new LinkedBlockingQueue<>();
    final BlockingQueue<Boolean> resumed = new LinkedBlockingQueue<>();
    volatile long expiry;
    volatile WillRights willRights;

    @Override
    public CompletionStage<SessionOpening> open(SessionRequest request, SessionSink sink) {
      requests.add(request);
      sinks.add(sink);
      return opening;
    }

    @Override
    public void publishRestoredWills(WillRights rights) {
      willRights = rights;
    }

    /** All that it was asked and told. */
    void forget() {
      messages.clear();
      sinks.clear();
      ends.clear();
      requests.clear();
      subscribed.clear();
      resumed.clear();
      told.clear();
    }

    SessionSink sink() throws InterruptedException {
      return java.util.Objects.requireNonNull(sinks.poll(10, TimeUnit.SECONDS));
    }

    SessionEnd end() throws InterruptedException {
      return java.util.Objects.requireNonNull(ends.poll(10, TimeUnit.SECONDS));
    }

    @Override
    public void start() {}

    @Override
    public void subscribe(
        List<SubscriptionRequest> requests, CompletableFuture<List<SubscribeResult>> answer) {
      subscribed.addAll(requests);
      subscribe
          .apply(requests)
          .whenComplete(
              (results, failure) -> {
                if (failure == null) {
                  answer.complete(results);
                } else {
                  answer.completeExceptionally(failure);
                }
              });
    }

    @Override
    public CompletionStage<List<Boolean>> unsubscribe(List<TopicFilter> filters) {
      return unsubscribe.apply(filters);
    }

    @Override
    public CompletionStage<PublishOutcome> publish(Message message) {
      messages.add(message);
      return publish.apply(message);
    }

    final Queue<String> told = new ConcurrentLinkedQueue<>();
    volatile CompletionStage<Boolean> release = CompletableFuture.completedFuture(true);
    volatile boolean known = true;

    @Override
    public CompletionStage<PublishOutcome> publish(Message message, int packetId) {
      told.add("publish " + packetId);
      return publish(message);
    }

    @Override
    public CompletionStage<Boolean> release(int packetId) {
      told.add("release " + packetId);
      return release;
    }

    @Override
    public boolean received(int packetId, boolean accepted) {
      told.add("received " + packetId + " " + accepted);
      return known;
    }

    @Override
    public void complete(int packetId) {
      told.add("complete " + packetId);
    }

    @Override
    public void acknowledge(int packetId) {
      told.add("acknowledge " + packetId);
    }

    @Override
    public void resume() {
      resumed.add(true);
    }

    @Override
    public void close(SessionEnd end, long expirySeconds) {
      expiry = expirySeconds;
      ends.add(end);
    }
  }

  /** Never asked: only the plaintext listener is on. */
  private static final class NoTls implements TlsIdentity {
    @Override
    public X509ExtendedKeyManager serverKeys() {
      throw new IllegalStateException("there is no TLS here");
    }

    @Override
    public X509ExtendedTrustManager deviceTrust() {
      throw new IllegalStateException("there is no TLS here");
    }

    @Override
    public List<String> protocols() {
      return List.of();
    }

    @Override
    public List<String> cipherSuites() {
      return List.of();
    }
  }
}
