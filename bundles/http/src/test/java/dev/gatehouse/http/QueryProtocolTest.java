package dev.gatehouse.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.audit.AuditEvent;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.http.AwsService;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.identity.SigningKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QueryProtocolTest extends EdgeHarness {
  private static final byte[] KEY = new byte[32];
  private final List<AuditEvent> audited = new ArrayList<>();

  @Override
  Optional<SigningKeys.SigningKey> signingKey(
      String id, String date, String region, String service, @Nullable String token) {
    return Optional.of(
        new SigningKeys.SigningKey(new Principal.User(ACCOUNT, "anna", "AIDAANNA"), KEY));
  }

  @BeforeEach
  void serve() {
    edge.addAuditTrail(audited::add);
    edge.addModule(
        new Module(
            "iam",
            List.of(
                operation("CreateUser", OtherServices.IAM, false, QueryProtocolTest::createUser),
                operation(
                    "GetId",
                    OtherServices.COGNITO_IDENTITY,
                    true,
                    request -> json("{\"IdentityId\":\"" + request.principal().id() + "\"}")))));
  }

  private static ApiOperation operation(
      String name, AwsService service, boolean open, dev.gatehouse.api.http.ApiHandler handler) {
    return new ApiOperation(
        name, service, "POST", "/", "iam:" + name, request -> "*", 100, open, handler);
  }

  private static CompletionStage<ApiResponse> json(String body) {
    return CompletableFuture.completedFuture(
        ApiResponse.json(body.getBytes(StandardCharsets.UTF_8)));
  }

  private static CompletionStage<ApiResponse> createUser(ApiRequest request) {
    String name = request.query("UserName").orElseThrow();
    if (name.equals("twice")) {
      throw new ServiceException(
          new ErrorCode("EntityAlreadyExists", 409, ErrorCode.Fault.CLIENT),
          "user <twice> & \u0001");
    }
    return json("{\"User\":{\"UserName\":\"" + name + "\",\"Tags\":[\"a\",\"b\"],\"None\":[]}}");
  }

  private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String sha256(String text) throws GeneralSecurityException {
    return HexFormat.of()
        .formatHex(
            MessageDigest.getInstance("SHA-256")
                .digest(text.getBytes(StandardCharsets.ISO_8859_1))); // as the client sends it
  }

  private Answer signed(String service, String body, String... headers)
      throws IOException, GeneralSecurityException {
    String time =
        DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'")
            .format(LocalDateTime.now(ZoneOffset.UTC));
    String scope = time.substring(0, 8) + "/us-east-1/" + service + "/aws4_request";
    List<String> decisive = // sorted behind the date
        Stream.of(headers).filter(header -> header.startsWith("x-amz-")).sorted().toList();
    String values =
        decisive.stream()
            .map(header -> header.replaceFirst(": ", ":") + "\n")
            .collect(Collectors.joining());
    String names =
        "host;x-amz-date"
            + decisive.stream()
                .map(header -> ";" + header.substring(0, header.indexOf(':')))
                .collect(Collectors.joining());
    String canonical =
        "POST\n/\n\nhost:localhost\nx-amz-date:"
            + time
            + "\n"
            + values
            + "\n"
            + names
            + "\n"
            + sha256(body);
    String toSign = "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n" + sha256(canonical);
    List<String> lines =
        new ArrayList<>(
            List.of(
                "POST / HTTP/1.1",
                "Host: localhost",
                "X-Amz-Date: " + time,
                "User-Agent: test/1",
                "Content-Length: " + body.length(),
                "Authorization: AWS4-HMAC-SHA256 Credential=AKIAX/"
                    + scope
                    + ", SignedHeaders="
                    + names
                    + ", Signature="
                    + HexFormat.of().formatHex(hmac(KEY, toSign))));
    lines.addAll(List.of(headers));
    try (Client client = new Client()) {
      return client.request(lines.toArray(String[]::new)).send(body).answer();
    }
  }

  private static final String FORM = "Content-Type: application/x-www-form-urlencoded";

  @Test
  void aFormNamesTheOperationAndTheAnswerIsXml() throws Exception {
    Answer answer = signed("iam", "Action=CreateUser&Version=2010-05-08&UserName=a%26b", FORM);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers()).containsEntry("content-type", "text/xml");
    assertThat(answer.body())
        .isEqualTo(
            "<CreateUserResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">"
                + "<CreateUserResult><User><UserName>a&amp;b</UserName>"
                + "<Tags><member>a</member><member>b</member></Tags><None></None></User>"
                + "</CreateUserResult><ResponseMetadata><RequestId>"
                + answer.headers().get("x-amzn-requestid")
                + "</RequestId></ResponseMetadata></CreateUserResponse>");
  }

  @Test
  void anErrorIsXmlWithItsOwnNameAndStatus() throws Exception {
    Answer answer = signed("iam", "Action=CreateUser&UserName=twice", FORM);
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.body())
        .contains("<Type>Sender</Type><Code>EntityAlreadyExists</Code>")
        .contains("<Message>user &lt;twice&gt; &amp; \u00ef\u00bf\u00bd</Message>");
  }

  @Test
  void anActionThatIsNotServedIsNamed() throws Exception {
    Answer answer = signed("iam", "Action=CreateSamlProvider", FORM);
    assertThat(answer.status()).isEqualTo(501);
    assertThat(answer.body())
        .contains("<Code>NotImplemented</Code>")
        .contains("CreateSamlProvider");
    assertThat(signed("iam", "Version=1", FORM).body())
        .contains("<Code>ValidationError</Code>")
        .contains("Action is missing");
  }

  @Test
  void aFormWithRawBytesBeyondAsciiOrTooManyFieldsIsRefused() throws Exception {
    Answer raw = signed("iam", "Action=CreateUser&UserName=\u00e4", FORM);
    assertThat(raw.status()).isEqualTo(400);
    assertThat(raw.body()).contains("<Code>ValidationError</Code>", "percent-encode it");
    Answer many = signed("iam", "Action=CreateUser&UserName=a" + "&a".repeat(1000), FORM);
    assertThat(many.status()).isEqualTo(400);
    assertThat(many.body()).contains("more than 1000 fields");
  }

  @Test
  void aLargeFormIsAuditedWithoutItsFields() throws Exception {
    signed("iam", "Action=CreateUser&UserName=" + "a".repeat(20_000), FORM);
    assertThat(new String(audited.get(0).requestParameters(), StandardCharsets.UTF_8))
        .matches("\\{\"omitted\":\"a form of \\d+ bytes\"}");
  }

  @Test
  void strangersMayCallOnlyWhatIsOpen() throws Exception {
    try (Client client = new Client()) {
      Answer open =
          client
              .request(
                  "POST / HTTP/1.1",
                  "Host: localhost",
                  "X-Amz-Target: AWSCognitoIdentityService.GetId",
                  "Content-Length: 0")
              .answer();
      assertThat(open.status()).as(open.body()).isEqualTo(200);
      assertThat(open.headers()).containsEntry("content-type", "application/x-amz-json-1.1");
      assertThat(open.body()).isEqualTo("{\"IdentityId\":\"anonymous\"}");
    }
    assertThat(audited).isEmpty();
  }

  @Test
  void aCallIsAuditedWithItsParametersAndItsError() throws Exception {
    signed("iam", "Action=CreateUser&Version=2010-05-08&UserName=bea", FORM);
    signed("iam", "Action=CreateUser&UserName=twice", FORM, "x-amz-tagging: room=hall");
    assertThat(audited).hasSize(2);
    AuditEvent first = audited.get(0);
    assertThat(first.eventSource()).isEqualTo("iam.amazonaws.com");
    assertThat(first.eventName()).isEqualTo("CreateUser");
    assertThat(first.accessKeyId()).isEqualTo("AKIAX");
    assertThat(first.userAgent()).isEqualTo("test/1");
    assertThat(first.sourceIp()).isEqualTo("127.0.0.1");
    assertThat(new String(first.requestParameters(), StandardCharsets.UTF_8))
        .isEqualTo("{\"UserName\":\"bea\"}");
    assertThat(first.errorCode()).isNull();
    assertThat(audited.get(1).errorCode()).isEqualTo("EntityAlreadyExists");
    assertThat(new String(audited.get(1).requestParameters(), StandardCharsets.UTF_8))
        .isEqualTo("{\"tags\":\"room=hall\",\"UserName\":\"twice\"}");
  }
}
