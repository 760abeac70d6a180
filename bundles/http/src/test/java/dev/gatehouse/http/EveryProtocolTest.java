package dev.gatehouse.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import com.fasterxml.jackson.dataformat.cbor.CBORParser;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.identity.SigningKeys;
import dev.gatehouse.json.Json;
import dev.gatehouse.testkit.service.SampleService;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EveryProtocolTest extends EdgeHarness {
  private static final CBORFactory CBOR = new CBORFactory();
  private static final String FORM = "application/x-www-form-urlencoded";
  private final SampleService service = new SampleService();

  /** The protocols of the service that speaks several, each with a call of it. */
  private enum Speech {
    REST_JSON,
    JSON_1_0,
    JSON_1_1,
    QUERY,
    RPC_V2_CBOR,
    CBOR_1_1;

    SignedCall call(String operation) {
      String target = "Sample_20160101." + operation;
      return switch (this) {
        case REST_JSON ->
            new SignedCall("sample", "POST", "/" + operation.toLowerCase(java.util.Locale.ROOT))
                .header("content-type", "application/json");
        case JSON_1_0, JSON_1_1 ->
            new SignedCall("sample", "POST", "/")
                .header(
                    "content-type", "application/x-amz-json-" + (this == JSON_1_0 ? "1.0" : "1.1"))
                .header("x-amz-target", target)
                .body("{}");
        case QUERY ->
            new SignedCall("sample", "POST", "/")
                .header("content-type", FORM)
                .body("Action=" + operation);
        case RPC_V2_CBOR ->
            new SignedCall("sample", "POST", "/service/Sample_20160101/operation/" + operation)
                .header("content-type", "application/cbor")
                .header("smithy-protocol", "rpc-v2-cbor");
        case CBOR_1_1 ->
            new SignedCall("sample", "POST", "/")
                .header("content-type", "application/x-amz-cbor-1.1")
                .header("x-amz-target", target);
      };
    }

    /** The name of an error in an answer, from its body where the protocol has it there. */
    String error(Answer answer) throws IOException {
      return switch (this) {
        case REST_JSON -> answer.error();
        case JSON_1_0, JSON_1_1 -> json(answer).path("__type").asText();
        case QUERY -> between(answer.body(), "<Code>", "</Code>");
        case RPC_V2_CBOR, CBOR_1_1 -> cbor(answer).get(1);
      };
    }

    /** The name that an error has here. */
    String named(String json, String query) {
      return switch (this) {
        case REST_JSON -> json;
        case QUERY -> query;
        default -> "com.amazonaws.sample#" + json;
      };
    }

    void hasItsForm(Answer answer) {
      String type =
          switch (this) {
            case REST_JSON -> "application/json";
            case JSON_1_0 -> "application/x-amz-json-1.0";
            case JSON_1_1 -> "application/x-amz-json-1.1";
            case QUERY -> "text/xml";
            case RPC_V2_CBOR -> "application/cbor";
            case CBOR_1_1 -> "application/x-amz-cbor-1.1";
          };
      assertThat(answer.headers()).containsEntry("content-type", type);
      if (this == RPC_V2_CBOR) {
        assertThat(answer.headers()).containsEntry("smithy-protocol", "rpc-v2-cbor");
      }
    }
  }

  @Override
  Optional<SigningKeys.SigningKey> signingKey(
      String id, String date, String region, String name, @Nullable String token) {
    return Optional.of(
        new SigningKeys.SigningKey(
            new Principal.User(ACCOUNT, "anna", "AIDAANNA"), SignedCall.KEY));
  }

  @BeforeEach
  void serve() {
    edge.addModule(service);
  }

  private Answer send(SignedCall call) throws Exception {
    try (Client client = new Client()) {
      return call.send(client);
    }
  }

  private static JsonNode json(Answer answer) throws IOException {
    return Json.parse(answer.body().getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String between(String text, String start, String end) {
    int from = text.indexOf(start) + start.length();
    return text.substring(from, text.indexOf(end, from));
  }

  /** The tokens of a CBOR body as texts: names, values, tags. */
  private static List<String> cbor(Answer answer) throws IOException {
    List<String> tokens = new ArrayList<>();
    try (CBORParser parser =
        CBOR.createParser(answer.body().getBytes(StandardCharsets.ISO_8859_1))) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.VALUE_EMBEDDED_OBJECT) {
          tokens.add("bytes " + Arrays.toString(parser.getBinaryValue()));
        } else if (!token.isStructStart() && !token.isStructEnd()) {
          String tag = parser.getCurrentTag() == 1 ? "time " : "";
          tokens.add(tag + parser.getText());
        }
      }
    }
    return tokens;
  }

  private interface Writing {
    void to(CBORGenerator out) throws IOException;
  }

  private static byte[] cbor(Writing writing) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (CBORGenerator out = CBOR.createGenerator(bytes)) {
      out.writeStartObject(); // of no told length, as clients write it
      writing.to(out);
      out.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private static final String JSON =
      "{\"Text\":\"a <b>\",\"Number\":1.5,\"Flag\":true,\"Blob\":\"AQL/\",\"Time\":1460159470,"
          + "\"Texts\":[\"x\",\"y\"],\"Flat\":[1,2],\"Map\":{\"k.1\":3},"
          + "\"Attributes\":{\"A\":\"one\",\"B\":\"two\"},\"Inner\":[{\"Blob\":\"AA==\"}]}";

  private static void writeValues(CBORGenerator out, Object time) throws IOException {
    out.writeStringField("Text", "a <b>");
    out.writeNumberField("Number", 1.5);
    out.writeBooleanField("Flag", true);
    out.writeBinaryField("Blob", new byte[] {1, 2, -1});
    out.writeFieldName("Time");
    out.writeTag(1);
    if (time instanceof Long millis) {
      out.writeNumber(millis);
    } else {
      out.writeNumber((Double) time);
    }
    out.writeArrayFieldStart("Texts");
    out.writeString("x");
    out.writeString("y");
    out.writeEndArray();
    out.writeArrayFieldStart("Inner");
    out.writeStartObject();
    out.writeBinaryField("Blob", new byte[] {0});
    out.writeNullField("Absent");
    out.writeEndObject();
    out.writeEndArray();
  }

  @ParameterizedTest
  @EnumSource(names = {"REST_JSON", "JSON_1_0", "JSON_1_1"})
  void jsonComesBackAsItWent(Speech speech) throws Exception {
    Answer answer = send(speech.call("Echo").body(JSON));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    speech.hasItsForm(answer);
    assertThat(answer.body()).isEqualTo(JSON);
  }

  @ParameterizedTest
  @EnumSource(names = {"RPC_V2_CBOR", "CBOR_1_1"})
  void valuesOfCborComeBackWithTheirTypes(Speech speech) throws Exception {
    boolean millis = speech == Speech.CBOR_1_1;
    Object time = millis ? 1_460_159_470_250L : (Object) 1_460_159_470.25;
    Answer answer = send(speech.call("Echo").body(cbor(out -> writeValues(out, time))));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    speech.hasItsForm(answer);
    assertThat(cbor(answer))
        .containsExactly(
            "Text",
            "a <b>",
            "Number",
            "1.5",
            "Flag",
            "true",
            "Blob",
            "bytes [1, 2, -1]",
            "Time",
            millis ? "time 1460159470250" : "time 1.46015947025E9",
            "Texts",
            "x",
            "y",
            "Inner",
            "Blob",
            "bytes [0]");
  }

  @Test
  void aFormsListsAndMapsComeBackAsXml() throws Exception {
    Answer answer =
        send(
            Speech.QUERY
                .call("Echo")
                .body(
                    "Action=Echo&Version=2016-01-01&Text=a+%3Cb%3E&Number=1.5&Flag=true&Blob=AQL%2F"
                        + "&Time=2016-04-08T23%3A51%3A10Z&Texts.member.2=y&Texts.member.1=x"
                        + "&FlatItem.1=1&FlatItem.10=10&FlatItem.2=2"
                        + "&Map.entry.1.key=k.1&Map.entry.1.value=3"
                        + "&Attribute.1.Name=A&Attribute.1.Value=one"
                        + "&Attribute.2.Name=B&Attribute.2.Value=two"
                        + "&Inner.member.1.Blob=AA%3D%3D&Other.1=z"));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    Speech.QUERY.hasItsForm(answer);
    assertThat(answer.body())
        .startsWith(
            "<EchoResponse xmlns=\"http://sample.amazonaws.com/doc/2016-01-01/\"><EchoResult>")
        .contains(
            "<Text>a &lt;b&gt;</Text>",
            "<Number>1.5</Number>",
            "<Flag>true</Flag>",
            "<Blob>AQL/</Blob>",
            "<Time>2016-04-08T23:51:10Z</Time>",
            "<Texts><member>x</member><member>y</member></Texts>",
            "<FlatItem>1</FlatItem><FlatItem>2</FlatItem><FlatItem>10</FlatItem>",
            "<Map><entry><key>k.1</key><value>3</value></entry></Map>",
            "<Attribute><Name>A</Name><Value>one</Value></Attribute>"
                + "<Attribute><Name>B</Name><Value>two</Value></Attribute>",
            "<Inner><member><Blob>AA==</Blob></member></Inner>",
            "<Other><member>z</member></Other>");
  }

  @Test
  void xmlComesBackAsXml() throws Exception {
    Answer answer =
        send(
            new SignedCall("samplexml", "POST", "/bucket?echo=")
                .body(
                    "<Values xmlns='urn:x'><Text>a &lt;b></Text><Flag>false</Flag>"
                        + "<Time>2016-04-08T23:51:10.250Z</Time>"
                        + "<Texts><member>x</member></Texts><FlatItem>1</FlatItem>"
                        + "<FlatItem>2</FlatItem><Attribute><Name>A</Name><Value>one</Value>"
                        + "</Attribute></Values>"));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers()).containsEntry("content-type", "application/xml");
    assertThat(answer.body())
        .contains(
            "<Values xmlns=\"http://samplexml.amazonaws.com/doc/2016-01-01/\">",
            "<Text>a &lt;b&gt;</Text>",
            "<Flag>false</Flag>",
            "<Time>2016-04-08T23:51:10.250Z</Time>",
            "<Texts><member>x</member></Texts>",
            "<FlatItem>1</FlatItem><FlatItem>2</FlatItem>",
            "<Attribute><Name>A</Name><Value>one</Value></Attribute>")
        .endsWith("</Values>");
  }

  @ParameterizedTest
  @EnumSource
  void anErrorHasTheFormAndTheNameOfItsProtocol(Speech speech) throws Exception {
    Answer answer = send(speech.call("Fail"));
    boolean asHttp = speech == Speech.REST_JSON || speech == Speech.QUERY;
    assertThat(answer.status()).isEqualTo(asHttp ? 409 : 400);
    speech.hasItsForm(answer);
    assertThat(speech.error(answer))
        .isEqualTo(speech.named("SampleFailureException", "Sample.Legacy.Failure"));
    if (!asHttp) {
      assertThat(answer.headers())
          .containsEntry("x-amzn-query-error", "Sample.Legacy.Failure;Sender")
          .containsEntry("x-amzn-errortype", "SampleFailureException");
    }
  }

  @ParameterizedTest
  @EnumSource
  void anOperationThatNobodyServesIsNamed(Speech speech) throws Exception {
    Answer answer = send(speech.call("Dance"));
    speech.hasItsForm(answer);
    assertThat(speech.error(answer))
        .isEqualTo(
            speech == Speech.REST_JSON
                ? "ResourceNotFoundException"
                : speech.named("NotImplementedException", "NotImplemented"));
    assertThat(answer.body()).containsIgnoringCase("dance");
  }

  @ParameterizedTest
  @EnumSource
  void aServiceWhoseBundleHasStoppedIsRefusedInItsProtocol(Speech speech) throws Exception {
    edge.removeModule(service);
    Answer answer = send(speech.call("Echo"));
    assertThat(answer.status()).isEqualTo(501);
    speech.hasItsForm(answer);
    assertThat(speech.error(answer))
        .isEqualTo(speech.named("NotImplementedException", "NotImplemented"));
    assertThat(answer.body()).contains("is its bundle installed and active?");
  }

  @ParameterizedTest
  @EnumSource
  void aBodyThatIsTooLargeForTheEdgeIsRefusedInTheProtocolOfItsHead(Speech speech)
      throws Exception {
    try (Client client = new Client()) {
      Answer answer = speech.call("Echo").send(client, 65 << 10);
      assertThat(answer.status()).isEqualTo(413);
      speech.hasItsForm(answer);
      assertThat(speech.error(answer))
          .isEqualTo(speech.named("RequestEntityTooLargeException", "RequestEntityTooLarge"));
      assertThat(client.closed()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"QUERY", "RPC_V2_CBOR", "CBOR_1_1"})
  void aBodyAboveTheLimitOfItsOperationIsRefused(Speech speech) throws Exception {
    Answer answer = send(speech.call("Small").body("{\"Text\":\"" + "x".repeat(100) + "\"}"));
    assertThat(answer.status()).isEqualTo(413);
    speech.hasItsForm(answer);
    assertThat(answer.body()).contains("larger than 100 bytes");
  }

  @ParameterizedTest
  @EnumSource(names = {"RPC_V2_CBOR", "CBOR_1_1"})
  void cborThatIsDeepOrCutOffOrFollowedByMoreIsRefused(Speech speech) throws Exception {
    byte[] deep = new byte[10_000];
    Arrays.fill(deep, (byte) 0x81); // an array of one element
    byte[] cut = {(byte) 0xa1, 0x61};
    byte[] more = {(byte) 0xa0, (byte) 0xa0};
    byte[] lying = {(byte) 0x5b, 0, 0, 0, 0, 0x7f, -1, -1, -1}; // 2 GB of bytes
    for (byte[] body : List.of(deep, cut, more, lying)) {
      Answer answer = send(speech.call("Echo").body(body));
      assertThat(answer.status()).isEqualTo(400);
      speech.hasItsForm(answer);
      assertThat(speech.error(answer)).isEqualTo("com.amazonaws.sample#SerializationException");
    }
  }

  @Test
  void aKeyForOneServiceDoesNotOpenAnother() throws Exception {
    SignedCall call =
        new SignedCall("sample", "GET", "/bucket")
            .before("X=1 Credential=AKIAX/20160408/us-east-1/samplexml/aws4_request, ");
    Answer answer = send(call);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("<Code>IncompleteSignature</Code>");
  }

  @Test
  void aCertificateOpensTheDataPlaneOnlyWhateverServiceACallNames() throws Exception {
    for (String line : List.of("POST /", "POST /service/Sample_20160101/operation/Echo")) {
      try (Client client = new Client()) { // it shows a certificate
        Answer answer =
            client
                .request(
                    line + " HTTP/1.1",
                    "Host: localhost",
                    "Content-Type: application/x-amz-json-1.0",
                    "X-Amz-Target: Sample_20160101.Echo",
                    "Content-Length: 0")
                .answer();
        assertThat(answer.status()).as(line).isEqualTo(404);
        assertThat(answer.error()).isEqualTo("ResourceNotFoundException");
      }
    }
  }

  @Test
  void aParameterThatIsGivenTwiceIsNamed() throws Exception {
    Answer form = send(Speech.QUERY.call("Echo").body("Action=Echo&Text=a&Text=b"));
    assertThat(form.status()).isEqualTo(400);
    assertThat(form.body()).contains("<Code>ValidationError</Code>", "Text is given twice");
    Answer xml = send(new SignedCall("samplexml", "GET", "/bucket?list-type=2&list-type=2"));
    assertThat(xml.status()).isEqualTo(400);
    assertThat(xml.body()).contains("<Code>InvalidRequest</Code>", "list-type is given twice");
    Answer json =
        send(
            new SignedCall("sample", "POST", "/echo?a=1&a=2")
                .header("content-type", "application/json"));
    assertThat(json.error()).isEqualTo("InvalidRequestException");
    assertThat(json.body()).contains("a is given twice");
  }

  @Test
  void aFormThatContradictsItselfIsRefused() throws Exception {
    for (String fields :
        List.of(
            "Text=a&Text.Part=b",
            "Number=one",
            "Flag=yes",
            "Time=today",
            "Attribute.1.Name=A",
            "Attribute.1.Name=A&Attribute.1.Value=a&Attribute.2.Name=A&Attribute.2.Value=b",
            "a." + "b.".repeat(40) + "c=1",
            "Texts..1=a")) {
      Answer answer = send(Speech.QUERY.call("Echo").body("Action=Echo&" + fields));
      assertThat(answer.status()).as(fields).isEqualTo(400);
      assertThat(answer.body()).as(fields).contains("<Code>ValidationError</Code>");
    }
  }

  @Test
  void xmlThatIsNotWellFormedOrHasADocumentTypeOrIsDeepIsRefused() throws Exception {
    for (String body :
        List.of(
            "<Values><Text>a</Values>",
            "<!DOCTYPE v [<!ENTITY e SYSTEM"
                + " 'file:///etc/passwd'>]><Values><Text>&e;</Text></Values>",
            "<!DOCTYPE v [<!ENTITY e 'x'>]><Values><Text>&e;</Text></Values>",
            "<Values>" + "<a>".repeat(10_000))) {
      Answer answer = send(new SignedCall("samplexml", "POST", "/bucket?echo=").body(body));
      assertThat(answer.status()).as(body).isEqualTo(400);
      assertThat(answer.body()).contains("<Code>MalformedXML</Code>").doesNotContain("root:");
    }
  }

  @Test
  void anErrorOfRestXmlHasItsMembersAndNoneWhereOnlyTheHeadIsAskedFor() throws Exception {
    Answer answer = send(new SignedCall("samplexml", "DELETE", "/bucket"));
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.body())
        .contains(
            "<Error><Code>Sample.Legacy.Failure</Code><Message>it fails &lt;always&gt;</Message>"
                + "<ResourceName>thing</ResourceName><RequestId>");
    Answer head = send(new SignedCall("samplexml", "HEAD", "/bucket/absent"));
    assertThat(head.status()).isEqualTo(409);
    Answer present = send(new SignedCall("samplexml", "HEAD", "/bucket/key"));
    assertThat(present.status()).isEqualTo(200);
    assertThat(present.headers()).containsEntry("content-length", "12345");
  }

  @Test
  void queryKeysTellOperationsApart() throws Exception {
    assertThat(send(new SignedCall("samplexml", "GET", "/b?list-type=2")).body())
        .isEqualTo("listed-2 b");
    assertThat(send(new SignedCall("samplexml", "GET", "/b?list-type=3")).body()).isEqualTo("b ");
    assertThat(send(new SignedCall("samplexml", "GET", "/b/c/d")).body()).isEqualTo("b c/d");
  }

  @Test
  void theBucketMayStandBeforeTheGatewaysOwnNameOnly() throws Exception {
    assertThat(
            send(new SignedCall("samplexml", "GET", "/c/d").header("host", "b.localhost:8443"))
                .body())
        .isEqualTo("b c/d");
    assertThat(
            send(new SignedCall("samplexml", "GET", "/c/d").header("host", "b.elsewhere")).body())
        .isEqualTo("c d");
  }
}
