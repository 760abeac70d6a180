package dev.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.store.StoreUnavailableException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyOperationsTest {
  private static final String DOCUMENT = Booted.allow("iot:*");
  private static final String PREFIX = "arn:aws:iot:us-east-1:123456789012:";

  @TempDir private Path directory;
  private Booted booted;

  @BeforeEach
  void boot() throws Exception {
    booted = new Booted(directory);
  }

  @AfterEach
  void stop() {
    booted.close();
  }

  private String certificateArn() throws Exception {
    KeyPair keys = CertificateMaker.ecKeys();
    String csr =
        Pem.encode(
            "CERTIFICATE REQUEST",
            new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=c"), keys.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
                .getEncoded());
    return booted
        .call("CreateCertificateFromCsr", Booted.body("certificateSigningRequest", csr))
        .get("certificateArn")
        .asText();
  }

  private JsonNode create(String name, String document) {
    return booted.call(
        "CreatePolicy", Booted.body("policyDocument", document), "path.policyName", name);
  }

  private JsonNode version(String name, String document, String asDefault) {
    return booted.call(
        "CreatePolicyVersion",
        Booted.body("policyDocument", document),
        "path.policyName",
        name,
        "query.setAsDefault",
        asDefault);
  }

  private JsonNode on(String operation, String name, String version) {
    return booted.call(operation, "", "path.policyName", name, "path.policyVersionId", version);
  }

  private static ServiceException failure(ErrorCode code, ThrowingCallable call) {
    List<ServiceException> caught = new ArrayList<>();
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ServiceException.class,
            e -> {
              assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
              caught.add(e);
            });
    return caught.get(0);
  }

  private static List<String> texts(JsonNode list, String member) {
    List<String> texts = new ArrayList<>();
    list.forEach(node -> texts.add(member.isEmpty() ? node.asText() : node.get(member).asText()));
    return texts;
  }

  @Test
  void aPolicyIsMadeAndReadAsItWasGiven() {
    JsonNode made = create("p", DOCUMENT);
    assertThat(made.get("policyArn").asText()).isEqualTo(PREFIX + "policy/p");
    assertThat(made.get("policyVersionId").asText()).isEqualTo("1");
    JsonNode read = booted.call("GetPolicy", "", "path.policyName", "p");
    assertThat(read.get("policyDocument").asText()).isEqualTo(DOCUMENT);
    assertThat(read.get("defaultVersionId").asText()).isEqualTo("1");
  }

  @Test
  void theSamePolicyAgainExistsAlreadyEvenIfItIsEqual() {
    create("p", DOCUMENT);
    ServiceException failure =
        failure(ErrorCode.RESOURCE_ALREADY_EXISTS, () -> create("p", DOCUMENT));
    assertThat(failure.members())
        .containsEntry("resourceArn", PREFIX + "policy/p")
        .containsEntry("resourceId", "p");
  }

  @Test
  void ofTwoAtTheSameTimeOneWins() {
    booted.store.hold();
    String body = Booted.body("policyDocument", DOCUMENT);
    var first = booted.stage("CreatePolicy", body, "path.policyName", "p");
    var second = booted.stage("CreatePolicy", body, "path.policyName", "p");
    booted.store.release();
    assertThat(first.toCompletableFuture()).isCompleted();
    assertThat(second.toCompletableFuture())
        .failsWithin(java.time.Duration.ofSeconds(5))
        .withThrowableThat()
        .withMessageContaining("Policy cannot be created - name already exists (name=");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a/b", "a\u0000b", "ä", "a*"})
  void otherNamesAreRefused(String name) {
    failure(ErrorCode.INVALID_REQUEST, () -> create(name, DOCUMENT));
  }

  @Test
  void namesHaveAtMost128Characters() {
    create("a".repeat(128), DOCUMENT);
    failure(ErrorCode.INVALID_REQUEST, () -> create("a".repeat(129), DOCUMENT));
  }

  @Test
  void aMalformedDocumentSaysWhere() {
    ServiceException failure =
        failure(ErrorCode.MALFORMED_POLICY, () -> create("p", Booted.statement("Maybe", "iot:*")));
    assertThat(failure).hasMessageContaining("Statement.Effect");
    failure(
        ErrorCode.RESOURCE_NOT_FOUND, () -> booted.call("GetPolicy", "", "path.policyName", "p"));
  }

  @Test
  void blanksDoNotCountInTheLimitOf2048() {
    String filler = DOCUMENT.replaceAll("\\s", "");
    String longest =
        DOCUMENT.replace("\"iot:*\"", "\"iot:" + "x".repeat(2048 - filler.length()) + "*\"");
    create("fits", " ".repeat(5000) + longest);
    ServiceException failure =
        failure(ErrorCode.MALFORMED_POLICY, () -> create("not", longest.replace("x*", "xx*")));
    assertThat(failure).hasMessageContaining("2049").hasMessageContaining("2048");
  }

  @Test
  void versionsAreMadeChosenAndDeleted() {
    create("p", DOCUMENT);
    assertThat(version("p", Booted.allow("iot:Connect"), "false").get("policyVersionId").asText())
        .isEqualTo("2");
    assertThat(
            version("p", Booted.allow("iot:Publish"), "true").get("isDefaultVersion").asBoolean())
        .isTrue();
    failure(IdentityErrors.DELETE_CONFLICT, () -> on("DeletePolicyVersion", "p", "3"));
    on("SetDefaultPolicyVersion", "p", "2");
    on("DeletePolicyVersion", "p", "3");
    assertThat(on("GetPolicyVersion", "p", "2").get("isDefaultVersion").asBoolean()).isTrue();
    failure(ErrorCode.RESOURCE_NOT_FOUND, () -> on("GetPolicyVersion", "p", "3"));
    failure(ErrorCode.INVALID_REQUEST, () -> on("GetPolicyVersion", "p", "x"));
    assertThat(
            texts(
                booted.call("ListPolicyVersions", "", "path.policyName", "p").get("policyVersions"),
                "versionId"))
        .containsExactlyInAnyOrder("1", "2");
    // An id is never used again.
    assertThat(version("p", DOCUMENT, "false").get("policyVersionId").asText()).isEqualTo("4");
  }

  @Test
  void aSixthVersionIsRefused() {
    create("p", DOCUMENT);
    for (int i = 2; i <= 5; i++) {
      version("p", DOCUMENT, "false");
    }
    failure(IdentityErrors.VERSIONS_LIMIT_EXCEEDED, () -> version("p", DOCUMENT, "false"));
  }

  @Test
  void aPolicyInUseIsNotDeleted() throws Exception {
    create("p", DOCUMENT);
    String arn = certificateArn();
    booted.attach("p", arn);
    failure(
        IdentityErrors.DELETE_CONFLICT,
        () -> booted.call("DeletePolicy", "", "path.policyName", "p"));
    booted.call("DetachPolicy", Booted.body("target", arn), "path.policyName", "p");
    version("p", DOCUMENT, "false");
    failure(
        IdentityErrors.DELETE_CONFLICT,
        () -> booted.call("DeletePolicy", "", "path.policyName", "p"));
    on("DeletePolicyVersion", "p", "2");
    booted.call("DeletePolicy", "", "path.policyName", "p");
    failure(ErrorCode.RESOURCE_NOT_FOUND, () -> booted.attach("p", arn));
  }

  @Test
  void aPolicyThatIsAbsentIsAsGoodAsDetachedButATargetThatIsIsNot() throws Exception {
    String arn = certificateArn();
    booted.call("DetachPolicy", Booted.body("target", arn), "path.policyName", "none");
    booted.call(
        "DetachPrincipalPolicy", "", "path.policyName", "none", "header.x-amzn-iot-principal", arn);
    create("p", DOCUMENT);
    for (String absent :
        List.of(
            arn.substring(0, arn.length() - 64) + "0".repeat(64),
            "arn:aws:iot:us-east-1:123456789012:thinggroup/none")) {
      assertThatThrownBy(
              () ->
                  booted.call(
                      "DetachPolicy", Booted.body("target", absent), "path.policyName", "p"))
          .isInstanceOfSatisfying(
              ServiceException.class,
              failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
          .hasMessage("Invalid Target");
    }
  }

  @Test
  void aPrincipalIsNoThingGroup() {
    create("p", DOCUMENT);
    for (String operation : List.of("AttachPrincipalPolicy", "DetachPrincipalPolicy")) {
      assertThatThrownBy(
              () ->
                  booted.call(
                      operation,
                      "",
                      "path.policyName",
                      "p",
                      "header.x-amzn-iot-principal",
                      "arn:aws:iot:us-east-1:123456789012:thinggroup/g"))
          .isInstanceOfSatisfying(
              ServiceException.class,
              failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
          .hasMessage("The given ARN does not represent a cert");
    }
  }

  @Test
  void onAFullDiskRightsAreStillTakenAway() throws Exception {
    create("p", DOCUMENT);
    String arn = certificateArn();
    booted.attach("p", arn);
    version("p", Booted.allow("iot:Publish"), "false");
    booted.store.full(true);
    on("SetDefaultPolicyVersion", "p", "2");
    on("DeletePolicyVersion", "p", "1");
    booted.call("DetachPolicy", Booted.body("target", arn), "path.policyName", "p");
    booted.call("DeletePolicy", "", "path.policyName", "p");
    assertThatThrownBy(() -> create("q", DOCUMENT)).isInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void aPolicyIsNotDeletedWhileItIsBeingAttached() throws Exception {
    create("p", DOCUMENT);
    String arn = certificateArn();
    booted.store.hold();
    var attached = booted.stage("AttachPolicy", Booted.body("target", arn), "path.policyName", "p");
    var deleted = booted.stage("DeletePolicy", "", "path.policyName", "p");
    booted.store.release();
    assertThat(attached.toCompletableFuture()).isCompleted();
    assertThat(deleted.toCompletableFuture())
        .failsWithin(java.time.Duration.ofSeconds(5))
        .withThrowableThat()
        .withMessageContaining("is attached");
  }

  @Test
  void aCertificateDeletedWhileItIsAttachedToLeavesNothing() throws Exception {
    create("p", DOCUMENT);
    String arn = certificateArn();
    String id = arn.substring(arn.indexOf("cert/") + 5);
    booted.store.hold();
    var attached = booted.stage("AttachPolicy", Booted.body("target", arn), "path.policyName", "p");
    var deleted = booted.stage("DeleteCertificate", "", "path.certificateId", id);
    booted.store.release();
    assertThat(attached.toCompletableFuture()).isCompleted();
    assertThat(deleted.toCompletableFuture()).isCompleted();
    booted.call("DeletePolicy", "", "path.policyName", "p");
  }

  @Test
  void whatIsAttachedComesInPagesIfAClientWantsThem() throws Exception {
    String arn = certificateArn();
    for (String name : List.of("a", "b", "c")) {
      create(name, DOCUMENT);
      booted.attach(name, arn);
    }
    for (String[] who :
        new String[][] {
          {"ListAttachedPolicies", "path.target"},
          {"ListPrincipalPolicies", "header.x-amzn-iot-principal"}
        }) {
      JsonNode first = booted.call(who[0], "", who[1], arn, "query.pageSize", "2");
      assertThat(texts(first.get("policies"), "policyName")).containsExactly("a", "b");
      JsonNode second =
          booted.call(who[0], "", who[1], arn, "query.marker", first.get("nextMarker").asText());
      assertThat(texts(second.get("policies"), "policyName")).containsExactly("c");
      assertThat(second.has("nextMarker")).isFalse();
    }
  }

  @Test
  void bothWaysOfAttachingAreOneAndListBothWays() throws Exception {
    String arn = certificateArn();
    create("a", DOCUMENT);
    create("b", DOCUMENT);
    booted.attach("a", arn);
    booted.attach("a", arn); // once more is the same
    booted.call(
        "AttachPrincipalPolicy", "", "path.policyName", "b", "header.x-amzn-iot-principal", arn);
    assertThat(
            texts(
                booted.call("ListAttachedPolicies", "", "path.target", arn).get("policies"),
                "policyName"))
        .containsExactly("a", "b");
    assertThat(
            texts(
                booted
                    .call("ListPrincipalPolicies", "", "header.x-amzn-iot-principal", arn)
                    .get("policies"),
                "policyArn"))
        .containsExactly(PREFIX + "policy/a", PREFIX + "policy/b");
    assertThat(
            texts(
                booted.call("ListTargetsForPolicy", "", "path.policyName", "b").get("targets"), ""))
        .containsExactly(arn);
    booted.call(
        "DetachPrincipalPolicy", "", "path.policyName", "b", "header.x-amzn-iot-principal", arn);
    assertThat(
            booted
                .call("ListPolicyPrincipals", "", "header.x-amzn-iot-policy", "b")
                .get("principals"))
        .isEmpty();
  }

  @Test
  void anEleventhPolicyOnATargetIsRefused() throws Exception {
    String arn = certificateArn();
    for (int i = 0; i < 10; i++) {
      create("p" + i, DOCUMENT);
      booted.attach("p" + i, arn);
    }
    create("p10", DOCUMENT);
    assertThat(failure(ErrorCode.LIMIT_EXCEEDED, () -> booted.attach("p10", arn)))
        .hasMessageContaining("10");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "arn:aws:iot:us-east-1:123456789012:thing/t",
        "arn:aws:iot:us-east-1:999999999999:cert/00",
        "arn:aws:iot:eu-west-1:123456789012:cert/00"
      })
  void otherTargetsAreRefused(String target) {
    create("p", DOCUMENT);
    failure(ErrorCode.INVALID_REQUEST, () -> booted.attach("p", target));
  }

  @Test
  void policiesAreListedInPages() {
    for (String name : List.of("a", "ab", "b", "c", "d")) {
      create(name, DOCUMENT);
    }
    List<String> listed = new ArrayList<>();
    String marker = "";
    do {
      JsonNode page =
          booted.call(
              "ListPolicies",
              "",
              "query.pageSize",
              "2",
              "query.marker",
              marker,
              "query.isAscendingOrder",
              "true");
      listed.addAll(texts(page.get("policies"), "policyName"));
      marker = page.path("nextMarker").asText();
    } while (!marker.isEmpty());
    assertThat(listed).containsExactly("a", "ab", "b", "c", "d");
  }
}
