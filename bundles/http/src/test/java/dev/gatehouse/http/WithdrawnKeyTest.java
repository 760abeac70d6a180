package dev.gatehouse.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.identity.SigningKeys;
import dev.gatehouse.edge.StreamProtocol;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Keys that are withdrawn while a WebSocket that was signed with them is being opened. */
class WithdrawnKeyTest extends EdgeHarness {
  private static final byte[] KEY = new byte[32];
  private static final Principal ANNA = new Principal.User(ACCOUNT, "anna", "AIDA");

  private volatile boolean withdrawn;

  @Override
  Optional<SigningKeys.SigningKey> signingKey(
      String id, String date, String region, String service, @Nullable String token) {
    return withdrawn ? Optional.empty() : Optional.of(new SigningKeys.SigningKey(ANNA, KEY));
  }

  /** Its key is withdrawn, perhaps, at the moment when the connection becomes the protocol's. */
  private final class Sleepy implements StreamProtocol {
    final BlockingQueue<Peer> peers = new LinkedBlockingQueue<>();
    private final boolean withdraws;

    Sleepy(boolean withdraws) {
      this.withdraws = withdraws;
    }

    @Override
    public List<String> alpnNames() {
      return List.of();
    }

    @Override
    public String webSocketPath() {
      return "/sleepy";
    }

    @Override
    public List<String> webSocketSubprotocols() {
      return List.of("sleepy");
    }

    @Override
    public void take(Channel channel, Peer peer) {
      withdrawn = withdraws;
      peers.add(peer);
      if (!withdraws) {
        channel
            .eventLoop()
            .execute(() -> channel.writeAndFlush(channel.alloc().buffer(1).writeByte('x')));
      }
    }
  }

  private static String handshake() throws GeneralSecurityException {
    String time =
        DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'")
            .format(LocalDateTime.now(ZoneOffset.UTC));
    String scope = time.substring(0, 8) + "/us-east-1/iotdata/aws4_request";
    String query =
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAX%2F"
            + scope.replace("/", "%2F")
            + "&X-Amz-Date="
            + time
            + "&X-Amz-SignedHeaders=host";
    String canonical = "GET\n/sleepy\n" + query + "\nhost:localhost\n\nhost\n" + sha256("");
    String toSign = "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n" + sha256(canonical);
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
    String signature =
        HexFormat.of().formatHex(mac.doFinal(toSign.getBytes(StandardCharsets.UTF_8)));
    return "GET /sleepy?" + query + "&X-Amz-Signature=" + signature + " HTTP/1.1";
  }

  private static String sha256(String text) throws GeneralSecurityException {
    return HexFormat.of()
        .formatHex(
            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  private Client opened(Sleepy protocol) throws Exception {
    edge.addStream(protocol);
    Client client =
        new Client()
            .request(
                handshake(),
                "Host: localhost",
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Protocol: sleepy");
    assertThat(client.answer().status()).isEqualTo(101);
    assertThat(protocol.peers.take())
        .isEqualTo(
            new StreamProtocol.Peer(
                ANNA,
                "AKIAX",
                true,
                Map.of("aws:SecureTransport", "true", "aws:SourceIp", "127.0.0.1")));
    return client;
  }

  @Test
  void theConnectionDoesNotStay() throws Exception {
    try (Client client = opened(new Sleepy(true))) {
      assertThat(client.read()).isEqualTo(-1);
    }
  }

  @Test
  void whoseKeyHoldsStays() throws Exception {
    try (Client client = opened(new Sleepy(false))) {
      assertThat(client.read()).isEqualTo(0x82);
    }
  }
}
