package dev.gatehouse.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiResponse;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that show nothing of who they are: what they can make the gateway hold is bounded. */
class StrangersTest extends EdgeHarness {
  private static final int BUDGET = 52 << 20;
  private static final String GET = "GET /things/a/shadow HTTP/1.1";
  private static final String POST = "POST /things/a/shadow HTTP/1.1";
  private static final String HOST = "Host: localhost";
  private static final String GET_ID = "X-Amz-Target: AWSCognitoIdentityService.GetId";

  private final AtomicInteger handled = new AtomicInteger();

  @Override
  long budgetBytes() {
    return BUDGET; // 1 MB for strangers, a quarter of it for one address; 2.7 MB for known callers
  }

  @Override
  int requestSeconds() {
    return 30; // none of these tests waits for it
  }

  @BeforeEach
  void serve() {
    handlers.put("GetThingShadow", request -> done("{}"));
    handlers.put("UpdateThingShadow", request -> done("{}"));
    edge.addModule(
        new Module(
            "cognito",
            List.of(
                new ApiOperation(
                    "GetId",
                    OtherServices.COGNITO_IDENTITY,
                    "POST",
                    "/",
                    "",
                    request -> "*",
                    0,
                    true,
                    request -> done("{}")))));
  }

  private CompletableFuture<ApiResponse> done(String json) {
    handled.incrementAndGet();
    return CompletableFuture.completedFuture(
        ApiResponse.json(json.getBytes(StandardCharsets.UTF_8)));
  }

  private Client stranger() throws Exception {
    return new Client(strangersTls);
  }

  private long used() {
    return memory.opened("http.strangers").usedBytes() + memory.opened("http.calls").usedBytes();
  }

  @ParameterizedTest
  @CsvSource({
    "POST /things/a/shadow HTTP/1.1, X-None: 1, application/json, '\"message\"'",
    "POST / HTTP/1.1, X-Amz-Target: AWSCognitoIdentityService.GetId, application/x-amz-json-1.1, '\"__type\":\"RequestEntityTooLargeException\"'",
    "POST / HTTP/1.1, Content-Type: application/x-www-form-urlencoded, text/xml, <Code>RequestEntityTooLarge</Code>"
  })
  void aLargeBodyIsRefusedInTheFormOfTheProtocolBeforeItIsRead(
      String line, String header, String type, String part) throws Exception {
    try (Client client = stranger()) {
      Answer answer = client.request(line, HOST, header, "Content-Length: 20000").answer();
      assertThat(answer.status()).isEqualTo(413);
      assertThat(answer.headers()).containsEntry("content-type", type);
      assertThat(answer.body()).contains(part);
      assertThat(client.closed()).isTrue();
    }
    try (Client client = stranger()) {
      client.request(line, HOST, header, "Transfer-Encoding: chunked");
      client.send("4e20\r\n" + "x".repeat(20_000));
      assertThat(client.answer().status()).isEqualTo(413);
    }
    assertThat(handled).hasValue(0);
  }

  @Test
  void bodiesThatAreHeldBackKeepNobodyOut() throws Exception {
    List<Client> holding = new ArrayList<>();
    try {
      for (int i = 0; i < 60; i++) {
        Client client = stranger();
        holding.add(client);
        client.request("POST / HTTP/1.1", HOST, GET_ID, "Content-Length: 16000");
        client.send("x".repeat(15_999));
      }
      await().until(() -> metric("http_requests_displaced_total") > 0);
      assertThat(memory.opened("http.strangers").usedBytes())
          .as("of one address, a quarter of the share")
          .isLessThanOrEqualTo(BUDGET / 100 * 2 / 4);
      try (Client known = new Client();
          Client unknown = stranger()) {
        assertThat(known.request(GET, HOST).answer().status()).isEqualTo(200);
        unknown.request("POST / HTTP/1.1", HOST, GET_ID, "Content-Length: 2").send("{}");
        assertThat(unknown.answer().status()).isEqualTo(200);
      }
      assertThat(holding.get(0).answer().status()).isEqualTo(503);
    } finally {
      for (Client client : holding) {
        client.close();
      }
    }
    await().until(() -> used() == 0);
  }

  @Test
  void headsThatNeverEndKeepNobodyOut() throws Exception {
    List<Client> holding = new ArrayList<>();
    try {
      for (int i = 0; i < 60; i++) {
        Client client = stranger();
        holding.add(client);
        client.send(GET + "\r\n" + ("X-" + i + ": " + "a".repeat(150) + "\r\n").repeat(90));
      }
      try (Client known = new Client()) {
        assertThat(known.request(GET, HOST).answer().status()).isEqualTo(200);
      }
      await().until(() -> metric("http_requests_displaced_total") > 0);
    } finally {
      for (Client client : holding) {
        client.close();
      }
    }
    await().until(() -> used() == 0);
  }

  @Test
  void connectionsThatDoNothingKeepNobodyOut() throws Exception {
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 300; i++) {
        silent.add(new Socket("127.0.0.1", edge.port()));
      }
      try (Client known = new Client()) {
        assertThat(known.request(GET, HOST).answer().status()).isEqualTo(200);
      }
      assertThat(metric("http_connections")).isLessThanOrEqualTo(100);
      assertThat(metric("http_connections_displaced_total")).isPositive();
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  @Test
  void tooManyHeaderLinesAndQueryParametersAreRefused() throws Exception {
    try (Client client = new Client()) {
      String[] lines = new String[102];
      lines[0] = GET;
      lines[1] = HOST;
      for (int i = 2; i < lines.length; i++) {
        lines[i] = "a:";
      }
      assertThat(client.request(lines).answer().status()).isEqualTo(431);
      assertThat(client.closed()).isTrue();
    }
    try (Client client = new Client()) {
      String query = "a&".repeat(300);
      Answer answer = client.request("GET /things/a/shadow?" + query + " HTTP/1.1", HOST).answer();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).contains("more than 200 parameters");
    }
  }

  @Test
  void aLargeBodyWithAKeyThatIsNotKnownIsRefusedBeforeItIsRead() throws Exception {
    try (Client client = stranger()) {
      String date =
          java.time.format.DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'")
              .withZone(java.time.ZoneOffset.UTC)
              .format(java.time.Instant.now());
      Answer answer =
          client
              .request(
                  POST,
                  HOST,
                  "X-Amz-Date: " + date,
                  "Authorization: AWS4-HMAC-SHA256 Credential=AKIANOBODY/"
                      + date.substring(0, 8)
                      + "/us-east-1/iotdata/aws4_request, SignedHeaders=host;x-amz-date, Signature="
                      + "0".repeat(64),
                  "Content-Length: 60000")
              .answer();
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.error()).isEqualTo("UnrecognizedClientException");
    }
  }

  @Test
  void aLargeBodyOfACallerThatIsKnownCountsWithTheCalls() throws Exception {
    CompletableFuture<ApiResponse> slow = new CompletableFuture<>();
    handlers.put("UpdateThingShadow", request -> slow);
    try (Client client = new Client()) {
      String body = "\"" + "x".repeat(59_998) + "\"";
      client.request(POST, HOST, "Content-Length: 60000", "Expect: 100-continue");
      assertThat(client.answer().status()).isEqualTo(100);
      client.send(body);
      await().until(() -> memory.opened("http.calls").usedBytes() >= 120_000);
      assertThat(memory.opened("http.strangers").usedBytes()).isZero();
      slow.complete(ApiResponse.empty());
      assertThat(client.answer().status()).isEqualTo(200);
      client.request(POST, HOST, "Transfer-Encoding: chunked");
      for (int i = 0; i < 6; i++) {
        client.send("2710\r\n" + "y".repeat(10_000) + "\r\n");
      }
      client.send("0\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(200);
    }
    await().until(() -> used() == 0);
  }

  @Test
  void aBodyThatWouldBecomeALargeTreeIsRefusedBeforeItIsParsed() throws Exception {
    String small = "[" + "{},".repeat(10_000) + "{}]"; // 880,000 bytes of heap
    String large = "[" + "[],".repeat(21_000) + "{}]"; // 2.3 MB, more than the share beside others
    CompletableFuture<ApiResponse> slow = new CompletableFuture<>();
    handlers.put("UpdateThingShadow", request -> slow);
    try (Client first = new Client();
        Client second = new Client();
        Client third = new Client()) {
      first.request(POST, HOST, "Content-Length: " + small.length()).send(small);
      await().until(() -> memory.opened("http.calls").usedBytes() > 880_000);
      Answer refused =
          second.request(POST, HOST, "Content-Length: " + large.length()).send(large).answer();
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.error()).isEqualTo("ServiceUnavailableException");
      slow.complete(ApiResponse.empty());
      assertThat(first.answer().status()).isEqualTo(200);
      String deep = "[" + ("[".repeat(90) + "]".repeat(90) + ",").repeat(350) + "0]";
      Answer never =
          third.request(POST, HOST, "Content-Length: " + deep.length()).send(deep).answer();
      assertThat(never.status()).as(never.body()).isEqualTo(413);
    }
    await().until(() -> used() == 0);
  }

  @Test
  void ofAConnectionThatDoesNotReadOneAnswerIsKept() throws Exception {
    String json = "\"" + "x".repeat(64_000) + "\"";
    handlers.put("GetThingShadow", request -> done(json));
    try (Client client = new Client();
        Client other = new Client()) {
      client.send((GET + "\r\n" + HOST + "\r\n\r\n").repeat(400));
      handlers.put("UpdateThingShadow", request -> done("{}"));
      for (int i = 0; i < 100; i++) {
        other.request(POST, HOST, "Content-Length: 0");
        assertThat(other.answer().status()).isEqualTo(200);
        assertThat(memory.opened("http.calls").usedBytes()).isLessThan(2 * 66_000);
      }
      for (int i = 0; i < 400; i++) {
        assertThat(client.answer().body()).hasSize(json.length());
      }
    }
    await().until(() -> used() == 0);
    assertThat(Map.of("answers", handled.get())).containsEntry("answers", 500);
  }
}
