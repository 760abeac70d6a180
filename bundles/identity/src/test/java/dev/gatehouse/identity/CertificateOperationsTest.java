package dev.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.identity.Authentication;
import dev.gatehouse.api.identity.Authentication.Reason;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.store.StoreUnavailableException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateOperationsTest {
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

  private static String request(KeyPair keys, String signedWith) throws Exception {
    return Pem.encode(
        "CERTIFICATE REQUEST",
        new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=lamp,O=Home"), keys.getPublic())
            .build(new JcaContentSignerBuilder(signedWith).build(keys.getPrivate()))
            .getEncoded());
  }

  private JsonNode create(String csr, String active) {
    return booted.call(
        "CreateCertificateFromCsr",
        Booted.body("certificateSigningRequest", csr),
        "query.setAsActive",
        active);
  }

  /** Cheaper than a key pair of the gateway's. */
  private JsonNode create(boolean active) throws Exception {
    return create(request(CertificateMaker.ecKeys(), "SHA256withECDSA"), Boolean.toString(active));
  }

  private static String id(JsonNode certificate) {
    return certificate.get("certificateId").asText();
  }

  private Authentication judged(JsonNode certificate) throws Exception {
    X509Certificate leaf = Pem.certificate(certificate.get("certificatePem").asText());
    return booted.identity.certificate(List.of(leaf)).toCompletableFuture().join();
  }

  private static Reason reason(Authentication authentication) {
    return ((Authentication.Refused) authentication).reason();
  }

  private void update(JsonNode certificate, String status) {
    booted.call(
        "UpdateCertificate", "", "path.certificateId", id(certificate), "query.newStatus", status);
  }

  private void assertFails(
      ErrorCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(ServiceException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void keysAndCertificateComeInTheFormsOfAws() throws Exception {
    JsonNode made = booted.certificate();
    X509Certificate certificate = Pem.certificate(made.get("certificatePem").asText());
    assertThat(id(made)).isEqualTo(Certificates.id(certificate.getEncoded())).hasSize(64);
    assertThat(made.get("certificateArn").asText())
        .isEqualTo("arn:aws:iot:us-east-1:123456789012:cert/" + id(made));
    assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=AWS IoT Certificate");
    assertThat(certificate.getNotBefore().toInstant())
        .isBefore(Instant.parse("2021-01-01T00:00:00Z"));
    assertThat(made.at("/keyPair/PrivateKey").asText())
        .startsWith("-----BEGIN RSA PRIVATE KEY-----\n");
    assertThat(made.at("/keyPair/PublicKey").asText()).startsWith("-----BEGIN PUBLIC KEY-----\n");
    assertThat(judged(made)).isEqualTo(new Authentication.Accepted(booted.principal(made)));
    assertThat(booted.identity.exists(Booted.ACCOUNT, id(made))).isTrue();
  }

  @Test
  void aRequestIsSignedForItsOwnSubjectAndKey() throws Exception {
    KeyPair keys = CertificateMaker.ecKeys();
    JsonNode made = create(request(keys, "SHA256withECDSA"), "false");
    X509Certificate certificate = Pem.certificate(made.get("certificatePem").asText());
    assertThat(certificate.getPublicKey()).isEqualTo(keys.getPublic());
    assertThat(certificate.getSubjectX500Principal().getName()).contains("CN=lamp");
    assertThat(made.has("keyPair")).isFalse();
    assertThat(reason(judged(made))).isEqualTo(Reason.INACTIVE_CERTIFICATE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "-----BEGIN CERTIFICATE REQUEST-----\n-----END CERTIFICATE REQUEST-----\n",
        "-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----\n",
        "-----BEGIN CERTIFICATE REQUEST-----\n////\n-----END CERTIFICATE REQUEST-----\n"
      })
  void whatIsNoRequestIsRefused(String csr) {
    assertFails(ErrorCode.INVALID_REQUEST, () -> create(csr, "true"));
    assertThat(booted.store.table(Certificates.TABLE).size()).isZero();
  }

  @Test
  void aMutatedRequestIsEitherSignedOrRefusedAsTheCallersMistake() throws Exception {
    byte[] der =
        Pem.decode("CERTIFICATE REQUEST", request(CertificateMaker.ecKeys(), "SHA256withECDSA"));
    java.util.Random random = new java.util.Random(1);
    int refused = 0;
    for (int i = 0; i < 2_000; i++) {
      byte[] mutated = der.clone();
      mutated[random.nextInt(der.length)] = (byte) random.nextInt(256);
      try {
        create(Pem.encode("CERTIFICATE REQUEST", mutated), "false");
      } catch (ServiceException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(1_900);
  }

  @Test
  void aShortKeyIsRefused() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(1024);
    String csr = request(generator.generateKeyPair(), "SHA256withRSA");
    assertThatThrownBy(() -> create(csr, "true")).hasMessageContaining("2048");
  }

  @Test
  void aRequestWithAnotherKeysSignatureIsRefused() throws Exception {
    KeyPair other = CertificateMaker.ecKeys();
    KeyPair mixed = new KeyPair(CertificateMaker.ecKeys().getPublic(), other.getPrivate());
    String csr = request(mixed, "SHA256withECDSA");
    assertThatThrownBy(() -> create(csr, "true")).hasMessageContaining("signature");
  }

  @Test
  void describeTellsStatusAndTimes() throws Exception {
    JsonNode made = create(true);
    JsonNode described =
        booted
            .call("DescribeCertificate", "", "path.certificateId", id(made))
            .get("certificateDescription");
    assertThat(described.get("status").asText()).isEqualTo("ACTIVE");
    assertThat(described.get("ownedBy").asText()).isEqualTo("123456789012");
    assertThat(described.get("creationDate").asDouble())
        .isEqualTo(Booted.NOW.toEpochMilli() / 1000.0);
    assertThat(described.get("certificatePem")).isEqualTo(made.get("certificatePem"));
  }

  @Test
  void anUnknownCertificateIsNotFound() {
    String id = "0".repeat(64);
    for (String operation : new String[] {"DescribeCertificate", "DeleteCertificate"}) {
      assertFails(
          ErrorCode.RESOURCE_NOT_FOUND, () -> booted.call(operation, "", "path.certificateId", id));
    }
    assertFails(
        ErrorCode.RESOURCE_NOT_FOUND,
        () ->
            booted.call(
                "UpdateCertificate", "", "path.certificateId", id, "query.newStatus", "ACTIVE"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void listsArePagedWithoutGapOrDouble(String ascending) throws Exception {
    List<String> expected = new java.util.ArrayList<>();
    for (int i = 0; i < 5; i++) {
      expected.add(id(create(true)));
    }
    expected.sort(null);
    if (ascending.equals("false")) {
      java.util.Collections.reverse(expected);
    }
    List<String> listed = new java.util.ArrayList<>();
    String marker = "";
    do {
      JsonNode page =
          booted.call(
              "ListCertificates",
              "",
              "query.pageSize",
              "2",
              "query.marker",
              marker,
              "query.isAscendingOrder",
              ascending);
      page.get("certificates").forEach(found -> listed.add(id(found)));
      marker = page.path("nextMarker").asText();
    } while (!marker.isEmpty());
    assertThat(listed).isEqualTo(expected);
  }

  @Test
  void theStatusDecidesWhoIsLetIn() throws Exception {
    JsonNode made = create(true);
    update(made, "INACTIVE");
    assertThat(reason(judged(made))).isEqualTo(Reason.INACTIVE_CERTIFICATE);
    update(made, "REVOKED");
    assertThat(reason(judged(made))).isEqualTo(Reason.REVOKED_CERTIFICATE);
    update(made, "ACTIVE");
    assertThat(judged(made)).isInstanceOf(Authentication.Accepted.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"PENDING_TRANSFER", "PENDING_ACTIVATION", "REGISTER_INACTIVE", "active", "X"})
  void statusesThatAreNotSetByHandAreRefused(String status) throws Exception {
    JsonNode made = create(true);
    assertFails(ErrorCode.INVALID_REQUEST, () -> update(made, status));
    assertThat(judged(made)).isInstanceOf(Authentication.Accepted.class);
  }

  @Test
  void anActiveOrAttachedCertificateIsNotDeletedWithoutForce() throws Exception {
    JsonNode made = create(true);
    String arn = made.get("certificateArn").asText();
    booted.policy("p", Booted.allow("iot:*"));
    booted.attach("p", arn);
    assertFails(
        IdentityErrors.CERTIFICATE_STATE,
        () -> booted.call("DeleteCertificate", "", "path.certificateId", id(made)));
    update(made, "INACTIVE");
    assertFails(
        IdentityErrors.DELETE_CONFLICT,
        () -> booted.call("DeleteCertificate", "", "path.certificateId", id(made)));
    booted.call(
        "DeleteCertificate", "", "path.certificateId", id(made), "query.forceDelete", "true");
    assertThat(booted.identity.exists(Booted.ACCOUNT, id(made))).isFalse();
    assertThat(reason(judged(made))).isEqualTo(Reason.UNKNOWN_CERTIFICATE);
    booted.call("DeletePolicy", "", "path.policyName", "p"); // nothing is left attached
  }

  @Test
  void observersAreToldAfterTheChangeIsDurableAndOneThatFailsHarmsNobody() throws Exception {
    JsonNode made = create(true);
    ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();
    booted.identity.addObserver(
        (principal, reason) -> {
          throw new IllegalStateException("broken");
        });
    booted.identity.addObserver(
        (principal, reason) -> told.add(Thread.currentThread().getName() + " " + reason));
    booted.store.hold();
    CompletableFuture<ApiResponse> answer =
        booted
            .stage(
                "UpdateCertificate",
                "",
                "path.certificateId",
                id(made),
                "query.newStatus",
                "REVOKED")
            .toCompletableFuture();
    assertThat(answer).isNotDone();
    assertThat(judged(made)).isInstanceOf(Authentication.Accepted.class);
    assertThat(told).isEmpty();
    booted.store.release();
    assertThat(answer).isCompleted();
    await()
        .untilAsserted(
            () ->
                assertThat(told)
                    .containsExactly("gatehouse-identity-chores certificate is now REVOKED"));
  }

  @Test
  void concurrentChangesOfOneCertificateBothHappen() throws Exception {
    JsonNode made = create(true);
    booted.store.hold();
    var first =
        booted.stage(
            "UpdateCertificate", "", "path.certificateId", id(made), "query.newStatus", "INACTIVE");
    var second =
        booted.stage(
            "UpdateCertificate", "", "path.certificateId", id(made), "query.newStatus", "REVOKED");
    booted.store.release();
    assertThat(first.toCompletableFuture()).isCompleted();
    assertThat(second.toCompletableFuture()).isCompleted();
    assertThat(reason(judged(made))).isEqualTo(Reason.REVOKED_CERTIFICATE);
  }

  @Test
  void aFullDiskRefusesAndChangesNothing() throws Exception {
    JsonNode made = create(true);
    booted.store.failWith("no space");
    assertThatThrownBy(() -> update(made, "REVOKED")).isInstanceOf(StoreUnavailableException.class);
    assertThat(judged(made)).isInstanceOf(Authentication.Accepted.class);
  }

  @Test
  void onAFullDiskACertificateIsStillRevoked() throws Exception {
    JsonNode made = create(true);
    booted.store.full(true);
    update(made, "REVOKED");
    assertThat(reason(judged(made))).isEqualTo(Reason.REVOKED_CERTIFICATE);
    assertThatThrownBy(() -> create(true)).isInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void certificatesAreKnownAgainAfterARestart() throws Exception {
    JsonNode made = create(true);
    booted.close();
    booted = new Booted(directory, booted.store, booted.clock, "");
    assertThat(judged(made)).isInstanceOf(Authentication.Accepted.class);
  }

  @Test
  void anExpiredCertificateIsRefusedUnlessTheClockIsNotSet() throws Exception {
    JsonNode made = create(true);
    booted.clock.advance(Duration.ofDays(365 * 30));
    assertThat(reason(judged(made))).isEqualTo(Reason.EXPIRED_CERTIFICATE);
    booted.clock.advance(Duration.between(booted.clock.instant(), Instant.EPOCH));
    assertThat(judged(made)).isInstanceOf(Authentication.Accepted.class);
  }

  @Test
  void noCertificateIsNoCredentials() {
    assertThat(reason(booted.identity.certificate(List.of()).toCompletableFuture().join()))
        .isEqualTo(Reason.NO_CREDENTIALS);
    assertThat(reason(booted.identity.anonymous())).isEqualTo(Reason.ANONYMOUS_NOT_ALLOWED);
  }

  @Test
  void theDirectoryKnowsAccountsApart() throws Exception {
    JsonNode made = create(true);
    var other = new dev.gatehouse.api.identity.Account("999999999999", "us-east-1");
    assertThat(booted.identity.exists(other, id(made))).isFalse();
    assertThat(
            booted
                .identity
                .rights(new Principal.Certificate(other, id(made)), java.util.Map::of)
                .decide("iot:Connect", "*")
                .allowed())
        .isFalse();
  }
}
