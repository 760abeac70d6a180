package dev.gatehouse.http.sigv4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.identity.SigningKeys;
import dev.gatehouse.testkit.ManualClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureVerifierTest {
  private static final String KEY = "AKIAEXAMPLEEXAMPLE12";
  private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  private static final Account ACCOUNT = new Account("000000000000", "us-east-1");

  private final ManualClock clock = new ManualClock(Instant.parse("2026-11-23T08:00:00Z"));
  private final SigningKeys keys =
      (id, date, region, service, token) ->
          id.equals(KEY) && token == null
              ? Optional.of(
                  new SigningKeys.SigningKey(
                      new Principal.User(ACCOUNT, "admin", "AIDA"), derive(date, region, service)))
              : Optional.empty();

  private static boolean regional(String service) {
    return !service.equals("iam") && !service.equals("sts");
  }

  private final SignatureVerifier verifier =
      new SignatureVerifier(keys, clock, SignatureVerifierTest::regional);

  private static byte[] derive(String... parts) {
    try {
      byte[] key = ("AWS4" + SECRET).getBytes(StandardCharsets.US_ASCII);
      for (String part : Stream.concat(Stream.of(parts), Stream.of("aws4_request")).toList()) {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        key = mac.doFinal(part.getBytes(StandardCharsets.US_ASCII));
      }
      return key;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private record Vector(String name, SignedRequest request) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** Requests that AWS's own library signed. */
  static List<Vector> vectors() throws IOException {
    List<Vector> vectors = new ArrayList<>();
    for (JsonNode node :
        new ObjectMapper()
            .readTree(SignatureVerifierTest.class.getResource("signed-by-botocore.json"))) {
      Map<String, List<String>> headers = new TreeMap<>();
      node.get("headers")
          .properties()
          .forEach(header -> headers.put(header.getKey(), List.of(header.getValue().asText())));
      vectors.add(
          new Vector(
              node.get("name").asText(),
              new SignedRequest(
                  node.get("method").asText(),
                  node.get("path").asText(),
                  node.get("query").asText(),
                  headers,
                  node.get("body").asText().getBytes(StandardCharsets.UTF_8))));
    }
    assertThat(vectors).hasSizeGreaterThan(5);
    return vectors;
  }

  private static SignedRequest vector(String name) {
    try {
      return vectors().stream()
          .filter(vector -> vector.name().equals(name))
          .findFirst()
          .orElseThrow()
          .request();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void whatAwsOwnLibrarySignedIsAccepted(Vector vector) {
    assertThat(verifier.verify(vector.request()).principal().id()).isEqualTo("AIDA");
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void anyChangeOfASignedRequestIsRefused(Vector vector) {
    SignedRequest request = vector.request();
    List<SignedRequest> changed =
        List.of(
            new SignedRequest(
                "DELETE", request.rawPath(), request.rawQuery(), request.headers(), request.body()),
            new SignedRequest(
                request.method(),
                request.rawPath() + "x",
                request.rawQuery(),
                request.headers(),
                request.body()),
            new SignedRequest(
                request.method(),
                request.rawPath(),
                request.rawQuery() + "&x=1",
                request.headers(),
                request.body()),
            withHeader(request, "host", host -> "other:8443"),
            new SignedRequest(
                request.method(),
                request.rawPath(),
                request.rawQuery(),
                request.headers(),
                "other".getBytes(StandardCharsets.UTF_8)));
    for (SignedRequest each : changed) {
      refused(each, ErrorCode.INVALID_SIGNATURE);
    }
  }

  private void refused(SignedRequest request, ErrorCode code) {
    assertThatThrownBy(() -> verifier.verify(request))
        .isInstanceOfSatisfying(
            ServiceException.class, failure -> assertThat(failure.code()).isEqualTo(code));
  }

  private static SignedRequest withHeader(
      SignedRequest request, String name, UnaryOperator<String> change) {
    Map<String, List<String>> headers = new HashMap<>(request.headers());
    headers.put(name, List.of(change.apply(headers.getOrDefault(name, List.of("")).get(0))));
    return new SignedRequest(
        request.method(), request.rawPath(), request.rawQuery(), headers, request.body());
  }

  private static SignedRequest authorization(UnaryOperator<String> change) {
    return withHeader(vector("publish-header"), "authorization", change);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "AWS4-HMAC-SHA256 | AWS4-HMAC-SHA1 | INCOMPLETE_SIGNATURE",
        "AWS4-HMAC-SHA256 | Basic | INCOMPLETE_SIGNATURE",
        "AKIAEXAMPLEEXAMPLE12 | AKIAEXAMPLEEXAMPLE13 | UNRECOGNIZED_CLIENT",
        "20261123 | 20261122 | INVALID_SIGNATURE",
        "us-east-1 | eu-west-1 | INVALID_SIGNATURE",
        "iotdata | iot | INVALID_SIGNATURE",
        "aws4_request | aws5_request | INCOMPLETE_SIGNATURE",
        "SignedHeaders=host; | SignedHeaders= | INCOMPLETE_SIGNATURE",
        "SignedHeaders=host;x-amz-date | SignedHeaders=x-amz-date;host | INCOMPLETE_SIGNATURE",
        "SignedHeaders=host;x-amz-date | SignedHeaders=host;host;x-amz-date | INCOMPLETE_SIGNATURE",
        "SignedHeaders=host;x-amz-date | SignedHeaders=Host;x-amz-date | INCOMPLETE_SIGNATURE",
        "SignedHeaders=host;x-amz-date | SignedHeaders=host;x-amz-date;x-none |"
            + " INCOMPLETE_SIGNATURE",
        "SignedHeaders= | Unsigned= | INCOMPLETE_SIGNATURE",
        "Signature= | Signature=0 | INCOMPLETE_SIGNATURE",
        "Signature= | Signature=G | INCOMPLETE_SIGNATURE",
        "Credential= | Credentials= | INCOMPLETE_SIGNATURE",
        "Credential= | Credential=a,Credential= | INCOMPLETE_SIGNATURE"
      })
  void aTamperedAuthorizationIsRefused(String from, String to, String code) {
    SignedRequest tampered = authorization(text -> text.replace(from.strip(), to.strip()));
    assertThat(tampered.headers()).isNotEqualTo(vector("publish-header").headers());
    refused(
        tampered,
        Map.of(
                "INVALID_SIGNATURE", ErrorCode.INVALID_SIGNATURE,
                "INCOMPLETE_SIGNATURE", ErrorCode.INCOMPLETE_SIGNATURE,
                "UNRECOGNIZED_CLIENT", ErrorCode.UNRECOGNIZED_CLIENT)
            .get(code));
  }

  @Test
  void theClockMayDifferByFiveMinutesAndNoMore() {
    clock.advance(Duration.ofSeconds(299));
    verifier.verify(vector("list-header"));
    clock.advance(Duration.ofSeconds(2));
    assertThatThrownBy(() -> verifier.verify(vector("list-header")))
        .hasMessageContaining("20261123T080000Z")
        .hasMessageContaining("20261123T080501Z");
    clock.advance(Duration.ofMinutes(-11));
    refused(vector("list-header"), ErrorCode.INVALID_SIGNATURE);
  }

  @Test
  void aPresignedRequestHoldsAsLongAsItSays() {
    clock.advance(Duration.ofMinutes(59));
    verifier.verify(vector("list-presigned"));
    clock.advance(Duration.ofMinutes(2));
    refused(vector("list-presigned"), ErrorCode.INVALID_SIGNATURE);
  }

  @Test
  void unsignedAndTwiceSignedRequestsAreRefused() {
    SignedRequest request = vector("list-header");
    refused(
        new SignedRequest("GET", "/things", "", Map.of("host", List.of("x")), new byte[0]),
        ErrorCode.MISSING_AUTHENTICATION_TOKEN);
    Map<String, List<String>> twice = new HashMap<>(request.headers());
    twice.put("authorization", List.of("a", "b"));
    refused(
        new SignedRequest("GET", "/things", "", twice, new byte[0]),
        ErrorCode.INCOMPLETE_SIGNATURE);
    refused(
        new SignedRequest(
            "GET", "/things", vector("list-presigned").rawQuery(), request.headers(), new byte[0]),
        ErrorCode.INCOMPLETE_SIGNATURE);
  }

  @Test
  void aPayloadThatIsNotSignedIsRefusedOnAWrite() {
    refused(
        withHeader(vector("publish-header"), "x-amz-content-sha256", none -> "UNSIGNED-PAYLOAD"),
        ErrorCode.INVALID_SIGNATURE);
    refused(
        withHeader(vector("publish-header"), "x-amz-content-sha256", none -> "00"),
        ErrorCode.INVALID_SIGNATURE);
  }

  @Test
  void aTokenThatDoesNotGoWithTheKeyIsRefused() {
    SignedRequest request = withHeader(vector("list-header"), "x-amz-security-token", n -> "token");
    refused(
        withHeader(
            request,
            "authorization",
            text -> text.replace("x-amz-date", "x-amz-date;x-amz-security-token")),
        ErrorCode.UNRECOGNIZED_CLIENT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x-amz-target",
        "x-amz-tagging",
        "x-amz-mqtt5-correlation-data",
        "x-amz-content-sha256",
        "x-amz-security-token",
        "x-amzn-principal",
        "x-amzn-iot-principal",
        "x-amzn-iot-policy"
      })
  void aHeaderThatDecidesMustBeSigned(String name) {
    for (String vector : List.of("list-header", "list-presigned")) {
      assertThatThrownBy(() -> verifier.verify(withHeader(vector(vector), name, none -> hash(""))))
          .hasMessage("the header " + name + " is sent but not signed");
    }
  }

  @Test
  void aTraceIdThatAProxyAddsNeedNotBeSigned() {
    verifier.verify(withHeader(vector("list-header"), "x-amzn-trace-id", none -> "Root=1"));
  }

  @Test
  void aWebSocketsQueryIsSignedWithoutItsTokenAndMayLeaveOutHowLongItHolds() {
    SigningKeys temporary =
        (id, date, region, service, token) ->
            "token".equals(token)
                ? keys.signingKey(id, date, region, service, null)
                : Optional.empty();
    SignatureVerifier gateway =
        new SignatureVerifier(temporary, clock, SignatureVerifierTest::regional);
    for (String service : List.of("iotdevicegateway", "iotdata")) { // as the oldest SDKs sign
      assertThat(gateway.verify(webSocket(service)).principal())
          .isEqualTo(new Principal.User(ACCOUNT, "admin", "AIDA"));
    }
    assertThatThrownBy(() -> gateway.verify(call(webSocket("iotdata"), "")))
        .hasMessageContaining("X-Amz-Expires is missing");
    assertThatThrownBy(() -> gateway.verify(call(webSocket("iotdata"), "&X-Amz-Expires=300")))
        .as("elsewhere the token is signed")
        .hasMessageContaining("does not match");
    clock.advance(Duration.ofSeconds(301));
    assertThatThrownBy(() -> gateway.verify(webSocket("iotdevicegateway")))
        .hasMessageContaining("at most 300 s may lie between");
  }

  /** The same, but not for a WebSocket. */
  private static SignedRequest call(SignedRequest request, String more) {
    Map<String, List<String>> headers = new HashMap<>(request.headers());
    headers.remove("upgrade");
    return new SignedRequest("GET", "/mqtt", request.rawQuery() + more, headers, new byte[0]);
  }

  /** Made as AWS's clients make it: the token comes behind what is signed. */
  private static SignedRequest webSocket(String service) {
    String scope = "20261123/us-east-1/" + service + "/aws4_request";
    String query =
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="
            + (KEY + "/" + scope).replace("/", "%2F")
            + "&X-Amz-Date=20261123T080000Z"
            + "&X-Amz-SignedHeaders=host";
    String canonical = "GET\n/mqtt\n" + query + "\nhost:localhost:8443\n\nhost\n" + hash("");
    String toSign = "AWS4-HMAC-SHA256\n20261123T080000Z\n" + scope + "\n" + hash(canonical);
    return new SignedRequest(
        "GET",
        "/mqtt",
        query
            + "&X-Amz-Signature="
            + mac(derive("20261123", "us-east-1", service), toSign)
            + "&X-Amz-Security-Token=token",
        Map.of("host", List.of("localhost:8443"), "upgrade", List.of("websocket")),
        new byte[0]);
  }

  private static String hash(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String mac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void malformedEscapesAreRefused() {
    for (String query : List.of("a=%", "a=%2", "a=%zz", "a=%ff")) {
      SignedRequest request = vector("list-header");
      refused(
          new SignedRequest("GET", "/things", query, request.headers(), new byte[0]),
          ErrorCode.INVALID_REQUEST);
    }
  }
}
