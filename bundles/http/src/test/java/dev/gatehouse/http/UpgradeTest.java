package dev.gatehouse.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.api.memory.MemoryShare;
import dev.gatehouse.edge.StreamProtocol;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that turn into something else, byte by byte. */
class UpgradeTest extends EdgeHarness {
  private static final String[] HANDSHAKE = {
    "GET /echo HTTP/1.1",
    "Host: localhost",
    "Upgrade: websocket",
    "Connection: keep-alive, Upgrade",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Protocol: other, echov2, echo",
    "Sec-WebSocket-Extensions: permessage-deflate"
  };

  private final Echo echo = new Echo();

  /** Sends back what comes. */
  private static final class Echo implements StreamProtocol {
    final BlockingQueue<Peer> peers = new LinkedBlockingQueue<>();

    @Override
    public List<String> alpnNames() {
      return List.of("echo");
    }

    @Override
    public String webSocketPath() {
      return "/echo";
    }

    @Override
    public List<String> webSocketSubprotocols() {
      return List.of("echo", "echov2");
    }

    @Override
    public void take(Channel channel, Peer peer) {
      peers.add(peer);
      channel
          .pipeline()
          .addLast(
              new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext context, Object bytes) {
                  context.writeAndFlush(bytes, context.voidPromise());
                }
              });
    }
  }

  @BeforeEach
  void add() {
    edge.addStream(echo);
  }

  private Client opened() throws Exception {
    Client client = new Client().request(HANDSHAKE);
    Answer answer = client.answer();
    assertThat(answer.status()).isEqualTo(101);
    // the example of RFC 6455, 1.3
    assertThat(answer.headers())
        .containsEntry("sec-websocket-accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        .containsEntry("sec-websocket-protocol", "echov2")
        .doesNotContainKey("sec-websocket-extensions");
    return client;
  }

  /** A frame of a client, masked with zeros. */
  private static String frame(int first, String payload) {
    return (char) first + "" + (char) (0x80 | payload.length()) + "\0\0\0\0" + payload;
  }

  @Test
  void binaryFramesCarryBytesHoweverTheyAreCut() throws Exception {
    try (Client client = opened()) {
      client.send(frame(0x82, "ab") + frame(0x02, "c") + frame(0x89, "p"));
      client.send(frame(0x00, "") + frame(0x80, "d"));
      StringBuilder data = new StringBuilder();
      StringBuilder pong = new StringBuilder();
      while (data.length() < 4 || pong.length() < 1) {
        int type = client.read();
        int length = client.read();
        StringBuilder to = type == 0x8A ? pong : data;
        assertThat(type).isIn(0x82, 0x8A);
        for (int i = 0; i < length; i++) {
          to.append((char) client.read());
        }
      }
      assertThat(data.toString()).isEqualTo("abcd");
      assertThat(pong.toString()).isEqualTo("p");
      assertThat(echo.peers.take()).isEqualTo(StreamProtocol.Peer.ofTls(true));
    }
  }

  @Test
  void textEndsTheConnection() throws Exception {
    try (Client client = opened()) {
      client.send(frame(0x81, "text"));
      assertThat(client.read()).isEqualTo(0x88);
      assertThat(client.read()).isGreaterThanOrEqualTo(2);
      assertThat(client.read() << 8 | client.read()).as("unsupported data").isEqualTo(1003);
    }
  }

  @Test
  void aCloseIsAnsweredAndAnUnmaskedFrameIsAnError() throws Exception {
    try (Client client = opened()) {
      client.send(frame(0x88, "\u0003\u00e8"));
      assertThat(client.read()).isEqualTo(0x88);
    }
    try (Client client = opened()) {
      client.send("\u0082\u0001a");
      assertThat(client.read()).isEqualTo(0x88);
      assertThat(client.read()).isGreaterThanOrEqualTo(2);
      assertThat(client.read() << 8 | client.read()).as("protocol error").isEqualTo(1002);
    }
  }

  @Test
  void aFrameOf2To63BytesAndACompressedOneAreErrors() throws Exception {
    try (Client client = opened()) {
      client.send("\u0082\u00ff\u0080\0\0\0\0\0\0\0" + "\0\0\0\0");
      assertThat(client.read()).isEqualTo(0x88);
    }
    try (Client client = opened()) {
      client.send(frame(0xC2, "deflated")); // RSV1 without permessage-deflate
      assertThat(client.read()).isEqualTo(0x88);
      assertThat(client.read()).isGreaterThanOrEqualTo(2);
      assertThat(client.read() << 8 | client.read()).as("protocol error").isEqualTo(1002);
    }
  }

  /** The beginning of a binary frame that is said to be longer. */
  private static String begun(int sent, int length) {
    return "\u0082\u00fe"
        + (char) (length >> 8)
        + (char) (length & 0xff)
        + "\0\0\0\0"
        + "x".repeat(sent);
  }

  @Test
  void bytesOfAFrameThatHasNotComeWholeCountUntilItHas() throws Exception {
    MemoryShare calls = memory.opened("http.calls");
    try (Client client = opened()) {
      client.send(begun(20_000, 30_000));
      await().until(() -> calls.usedBytes() >= 15_000);
      client.send("x".repeat(10_000));
      await().until(() -> calls.usedBytes() == 0);
      client.send(begun(20_000, 30_000));
      await().until(() -> calls.usedBytes() >= 15_000);
    }
    await().until(() -> calls.usedBytes() == 0);
  }

  @Test
  void aFrameForWhichThereIsNoMemoryIsRefused() throws Exception {
    MemoryShare calls = memory.opened("http.calls");
    try (Client client = opened()) {
      calls.take(calls.limitBytes());
      client.send(begun(20_000, 30_000));
      assertThat(client.read()).isEqualTo(0x88);
      assertThat(client.read()).isGreaterThanOrEqualTo(2);
      assertThat(client.read() << 8 | client.read()).as("try again later").isEqualTo(1013);
    }
    await().until(() -> calls.usedBytes() == calls.limitBytes());
  }

  @Test
  void aFloodOfPingsThatNobodyReadsTheAnswersOfIsHarmless() throws Exception {
    try (Client client = opened();
        Client other = opened()) {
      String pings = frame(0x89, "p".repeat(125)).repeat(200);
      for (int i = 0; i < 100; i++) {
        client.send(pings);
      }
      other.send(frame(0x82, "x"));
      assertThat(other.read()).isEqualTo(0x82);
      client.send(frame(0x82, "y"));
      int type = client.read();
      int pongs = 0;
      while (type == 0x8A) {
        pongs++;
        int length = client.read();
        for (int i = 0; i < length; i++) {
          client.read();
        }
        type = client.read();
      }
      assertThat(type).as("what comes behind them is served").isEqualTo(0x82);
      assertThat(pongs).isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6})
  void aRequestThatLacksSomethingIsToldSo(int missing) throws Exception {
    String[] lines = HANDSHAKE.clone();
    lines[missing] = "X-Nothing: at all";
    try (Client client = new Client().request(lines)) {
      Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(426);
      assertThat(answer.headers()).containsEntry("upgrade", "websocket");
      assertThat(answer.error()).isEqualTo("InvalidRequestException");
      assertThat(client.closed()).isTrue();
    }
  }

  /** RFC 6455, 11.3.4. */
  @Test
  void subprotocolsMayBeOfferedInSeveralLines() throws Exception {
    String[] lines = HANDSHAKE.clone();
    lines[6] = "Sec-WebSocket-Protocol: other\r\nSec-WebSocket-Protocol: echo";
    try (Client client = new Client().request(lines)) {
      Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(101);
      assertThat(answer.headers()).containsEntry("sec-websocket-protocol", "echo");
    }
  }

  @Test
  void aKeyThatIsSentTwiceIsRefused() throws Exception {
    String[] lines = HANDSHAKE.clone();
    lines[7] = lines[5];
    try (Client client = new Client().request(lines)) {
      assertThat(client.answer().status()).isEqualTo(426);
    }
  }

  @Test
  void aForgedSignatureIsRefused() throws Exception {
    String[] lines = HANDSHAKE.clone();
    lines[0] =
        "GET /echo?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIA%2F20260101%2Fus-east-1"
            + "%2Fiotdevicegateway%2Faws4_request&X-Amz-Date=20260101T000000Z"
            + "&X-Amz-SignedHeaders=host&X-Amz-Signature="
            + "0".repeat(64)
            + " HTTP/1.1";
    try (Client client = new Client().request(lines)) {
      assertThat(client.answer().status()).isEqualTo(403);
      assertThat(echo.peers).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "https://localhost,101",
    "HTTPS://LOCALHOST,101",
    "https://evil.example,403",
    "http://localhost,403",
    "https://localhost.evil.example,403",
    "https://localhost:444,403",
    "null,403"
  })
  void aCertificateServesPagesOfItsOwnOriginOnly(String origin, int status) throws Exception {
    String[] lines = HANDSHAKE.clone();
    lines[7] = "Origin: " + origin;
    try (Client client = new Client().request(lines)) {
      assertThat(client.answer().status()).isEqualTo(status);
      if (status == 101) {
        assertThat(echo.peers.poll(10, TimeUnit.SECONDS)).isNotNull();
      } else {
        assertThat(echo.peers).isEmpty();
      }
    }
  }

  @Test
  void alpnChoosesTheProtocolAndWithoutItThereIsHttp() throws Exception {
    try (Client client = new Client("http/1.1", "echo")) {
      client.send("hello");
      assertThat(client.read()).isEqualTo('h');
      assertThat(echo.peers.take()).isEqualTo(StreamProtocol.Peer.ofTls(false));
    }
    for (String[] offered : new String[][] {{}, {"http/1.1"}, {"unknown"}}) {
      try (Client client = new Client(offered)) {
        assertThat(client.request("GET /nothing HTTP/1.1", "Host: h").answer().status())
            .isEqualTo(404);
      }
    }
  }

  @Test
  void aProtocolThatLeftIsNotOffered() throws Exception {
    edge.removeStream(echo);
    try (Client client = new Client("echo")) {
      assertThat(client.request("GET /nothing HTTP/1.1", "Host: h").answer().status())
          .isEqualTo(404);
    }
    try (Client client = new Client().request(HANDSHAKE)) {
      assertThat(client.answer().status()).isEqualTo(404);
    }
  }

  @Test
  void theEdgesEndIsTheirEnd() throws Exception {
    try (Client client = opened()) {
      edge.deactivate();
      assertThat(client.closed()).isTrue();
    }
  }
}
