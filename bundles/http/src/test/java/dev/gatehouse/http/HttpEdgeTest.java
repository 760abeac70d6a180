package dev.gatehouse.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.http.ApiResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client sees of the edge, byte by byte over TLS. */
class HttpEdgeTest extends EdgeHarness {
  private static final String GET = "GET /things/a/shadow HTTP/1.1";
  private static final String POST = "POST /things/a/shadow HTTP/1.1";
  private static final String HOST = "Host: localhost";

  private static CompletableFuture<ApiResponse> text(String json) {
    return CompletableFuture.completedFuture(
        ApiResponse.json(json.getBytes(StandardCharsets.UTF_8)));
  }

  private void echo() {
    handlers.put(
        "UpdateThingShadow",
        request -> CompletableFuture.completedFuture(ApiResponse.json(request.body())));
    handlers.put("GetThingShadow", request -> text("{}"));
  }

  @Test
  void aPageOfAnotherOriginMayNotUseTheCertificate() throws Exception {
    echo();
    try (Client client = new Client()) {
      Answer refused = client.request(GET, HOST, "Origin: https://evil.example").answer();
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.body()).contains("Origin must be https://localhost");
      assertThat(client.request(GET, HOST, "Origin: https://localhost").answer().status())
          .isEqualTo(200);
    }
  }

  @Test
  void connectionServesRequestAfterRequest() throws Exception {
    echo();
    try (Client client = new Client()) {
      assertThat(client.request(GET, HOST).answer().body()).isEqualTo("{}");
      client.request(POST, HOST, "Content-Length: 3").send("[1]");
      Answer answer = client.answer();
      assertThat(answer.body()).isEqualTo("[1]");
      assertThat(answer.headers()).containsKey("x-amzn-requestid");
      client
          .request(POST, HOST, "Transfer-Encoding: chunked")
          .send("2\r\n[1\r\n1\r\n]\r\n0\r\n\r\n");
      assertThat(client.answer().body()).isEqualTo("[1]");
      client.request(GET, HOST, "Connection: close");
      assertThat(client.answer().status()).isEqualTo(200);
      assertThat(client.closed()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 3|Transfer-Encoding: chunked",
        "Transfer-Encoding: chunked|Content-Length: 3",
        "Content-Length: 3|Content-Length: 4",
        "Content-Length: 3, 4",
        "Content-Length: -1",
        "Content-Length: +3",
        "Content-Length: 3x",
        "Content-Length: 99999999999999999999",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding : chunked",
        "Content-Length : 3",
        "NoColon",
        "Host: other"
      })
  void requestThatCanBeReadInTwoWaysIsRefused(String headers) throws Exception {
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    handlers.put(
        "UpdateThingShadow",
        request -> {
          seen.add("update");
          return text("{}");
        });
    handlers.put(
        "GetThingShadow",
        request -> {
          seen.add("smuggled");
          return text("{}");
        });
    try (Client client = new Client()) {
      client.send(POST + "\r\n" + HOST + "\r\n" + headers.replace("|", "\r\n") + "\r\n\r\n");
      client.send("0\r\n\r\n" + GET + "\r\n" + HOST + "\r\n\r\n");
      Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.error()).isEqualTo("InvalidRequestException");
      assertThat(answer.headers()).containsEntry("connection", "close");
      assertThat(client.closed()).isTrue();
      assertThat(seen).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/things/\u00e4/shadow",
        "/things/a/shadow?name=\u00c3\u00a4",
        "/things/\u007f/shadow"
      })
  void requestTargetWithRawBytesBeyondAsciiIsRefused(String target) throws Exception {
    echo();
    try (Client client = new Client()) {
      Answer answer = client.request("GET " + target + " HTTP/1.1", HOST).answer();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).contains("percent-encode it");
    }
  }

  @Test
  void badChunkIsRefused() throws Exception {
    echo();
    try (Client client = new Client()) {
      client.request(POST, HOST, "Transfer-Encoding: chunked").send("xyz\r\n[1]\r\n0\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(400);
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void requestsOfOneConnectionRunOneAfterTheOther() throws Exception {
    CompletableFuture<ApiResponse> first = new CompletableFuture<>();
    BlockingQueue<String> begun = new LinkedBlockingQueue<>();
    handlers.put(
        "UpdateThingShadow",
        request -> {
          begun.add("first");
          return first;
        });
    handlers.put(
        "GetThingShadow",
        request -> {
          begun.add("second");
          return text("2");
        });
    try (Client client = new Client()) {
      String both =
          POST + "\r\n" + HOST + "\r\nContent-Length: 0\r\n\r\n" + GET + "\r\n" + HOST + "\r\n\r\n";
      client.send(both);
      assertThat(begun.poll(10, TimeUnit.SECONDS)).isEqualTo("first");
      assertThat(begun.poll(200, TimeUnit.MILLISECONDS)).as("before the first's end").isNull();
      first.complete(ApiResponse.json("1".getBytes(StandardCharsets.UTF_8)));
      assertThat(client.answer().body()).isEqualTo("1");
      assertThat(client.answer().body()).isEqualTo("2");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /things/a/shadow HTTP/1.1\r\nHo",
        "POST /things/a/shadow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n123"
      })
  void requestThatDoesNotArriveInTimeIsGivenUp(String beginning) throws Exception {
    echo();
    try (Client client = new Client()) {
      client.send(beginning);
      Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(408);
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void callMayTakeLongerThanItsRequest() throws Exception {
    CompletableFuture<ApiResponse> slow = new CompletableFuture<>();
    handlers.put("GetThingShadow", request -> slow);
    try (Client client = new Client()) {
      client.request(GET, HOST);
      slow.completeOnTimeout(
          ApiResponse.json("1".getBytes(StandardCharsets.UTF_8)), 1500, TimeUnit.MILLISECONDS);
      assertThat(client.answer().body()).isEqualTo("1");
    }
  }

  @Test
  void whatIsTooLongHasAStatusOfItsOwn() throws Exception {
    echo();
    try (Client line = new Client();
        Client header = new Client();
        Client body = new Client();
        Client chunks = new Client()) {
      line.request("GET /" + "a".repeat(9000) + " HTTP/1.1", HOST);
      assertThat(line.answer().status()).isEqualTo(414);
      assertThat(line.closed()).isTrue();
      header.request(GET, HOST, "X-Long: " + "a".repeat(20_000));
      assertThat(header.answer().status()).isEqualTo(431);
      assertThat(header.closed()).isTrue();
      body.request(POST, HOST, "Content-Length: 70000");
      Answer tooLarge = body.answer();
      assertThat(tooLarge.status()).isEqualTo(413);
      assertThat(tooLarge.error()).isEqualTo("RequestEntityTooLargeException");
      assertThat(body.closed()).isTrue();
      chunks.request(POST, HOST, "Transfer-Encoding: chunked");
      chunks.send("11170\r\n" + "x".repeat(70_000));
      assertThat(chunks.answer().status()).isEqualTo(413);
    }
  }

  @Test
  void clientThatAsksBeforeItSendsIsToldToGoOnOrNot() throws Exception {
    echo();
    try (Client client = new Client();
        Client large = new Client();
        Client strange = new Client()) {
      client.request(POST, HOST, "Content-Length: 3", "Expect: 100-continue");
      assertThat(client.answer().status()).isEqualTo(100);
      client.send("[1]");
      assertThat(client.answer().body()).isEqualTo("[1]");
      large.request(POST, HOST, "Content-Length: 70000", "Expect: 100-continue");
      Answer tooLarge = large.answer();
      assertThat(tooLarge.status()).isEqualTo(413);
      assertThat(tooLarge.error()).isEqualTo("RequestEntityTooLargeException");
      assertThat(large.closed()).isTrue();
      strange.request(POST, HOST, "Content-Length: 3", "Expect: tea");
      assertThat(strange.answer().status()).isEqualTo(417);
    }
  }

  @Test
  void whatIsNotThereIsToldInAwsForm() throws Exception {
    try (Client client = new Client()) {
      for (String line :
          List.of(
              "GET /nothing HTTP/1.1", "OPTIONS /things/a/shadow HTTP/1.1", "BREW / HTTP/1.1")) {
        Answer answer = client.request(line, HOST).answer();
        assertThat(answer.status()).as(line).isBetween(400, 499);
        assertThat(answer.error()).as(line).endsWith("Exception");
        assertThat(answer.body()).as(line).contains("\"message\"");
        assertThat(answer.headers()).as(line).containsKey("x-amzn-requestid");
      }
      Answer head = client.request("HEAD /things/a/shadow HTTP/1.1", HOST).answer(true);
      assertThat(head.status()).isBetween(400, 499);
      handlers.put("GetThingShadow", request -> text("{}"));
      assertThat(client.request(GET, HOST).answer().body()).as("nothing left over").isEqualTo("{}");
    }
  }

  @Test
  void bundleThatMissesAClassGivesAnErrorAndNoHang() throws Exception {
    handlers.put(
        "GetThingShadow",
        request -> {
          throw new NoClassDefFoundError("dev/gatehouse/Gone");
        });
    try (Client client = new Client()) {
      Answer answer = client.request(GET, HOST).answer();
      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.error()).isEqualTo("InternalFailureException");
      assertThat(answer.body()).doesNotContain("Gone");
    }
  }

  @Test
  void plaintextIsNotServed() throws Exception {
    try (java.net.Socket socket = new java.net.Socket("127.0.0.1", edge.port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      byte[] said = socket.getInputStream().readAllBytes();
      assertThat(new String(said, StandardCharsets.ISO_8859_1)).doesNotContain("HTTP/");
    }
  }
}
