package dev.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.identity.TestCa.Leaf;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaOperationsTest {
  @TempDir private Path directory;
  private Booted booted;
  private TestCa ca;

  @BeforeEach
  void boot() throws Exception {
    booted = new Booted(directory);
    ca = TestCa.named("CN=Works CA,O=Home");
  }

  @AfterEach
  void stop() {
    booted.close();
  }

  private void assertFails(
      ErrorCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ServiceException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
  }

  private String code() {
    return booted.call("GetRegistrationCode", "").get("registrationCode").asText();
  }

  private JsonNode registerCa(String caPem, String verification, String... query) {
    ObjectNode body =
        new ObjectMapper()
            .createObjectNode()
            .put("caCertificate", caPem)
            .put("verificationCertificate", verification);
    return booted.call("RegisterCACertificate", body.toString(), query);
  }

  private JsonNode registerDevice(X509Certificate leaf, String caPem, String status) {
    ObjectNode body =
        new ObjectMapper().createObjectNode().put("certificatePem", CertificateRules.pem(leaf));
    if (!caPem.isEmpty()) {
      body.put("caCertificatePem", caPem);
    }
    if (!status.isEmpty()) {
      body.put("status", status);
    }
    return booted.call("RegisterCertificate", body.toString());
  }

  private JsonNode described(String id) {
    return booted
        .call("DescribeCACertificate", "", "path.caCertificateId", id)
        .get("certificateDescription");
  }

  private void update(String id, String name, String value) {
    booted.call("UpdateCACertificate", "", "path.caCertificateId", id, "query." + name, value);
  }

  @Test
  void theRegistrationCodeStaysUntilItIsDeleted() {
    String first = code();
    assertThat(first).matches("[0-9a-f]{64}");
    assertThat(code()).isEqualTo(first);
    booted.call("DeleteRegistrationCode", "");
    assertFails(ErrorCode.RESOURCE_NOT_FOUND, () -> booted.call("DeleteRegistrationCode", ""));
    assertThat(code()).isNotEqualTo(first);
  }

  @Test
  void aCaIsRegisteredDescribedChangedAndDeleted() throws Exception {
    JsonNode made = registerCa(ca.pem(), ca.verification(code()));
    String id = made.get("certificateId").asText();
    assertThat(id).isEqualTo(Certificates.id(ca.certificate.getEncoded()));
    assertThat(made.get("certificateArn").asText())
        .isEqualTo("arn:aws:iot:us-east-1:123456789012:cacert/" + id);
    JsonNode description = described(id);
    assertThat(description.get("status").asText()).isEqualTo("INACTIVE");
    assertThat(description.get("autoRegistrationStatus").asText()).isEqualTo("DISABLE");
    assertThat(description.get("certificatePem").asText()).isEqualTo(ca.pem());
    assertThat(description.get("ownedBy").asText()).isEqualTo("123456789012");
    assertThat(description.at("/validity/notAfter").asDouble())
        .isEqualTo(ca.certificate.getNotAfter().getTime() / 1000.0);
    update(id, "newStatus", "ACTIVE");
    update(id, "newAutoRegistrationStatus", "ENABLE");
    assertThat(described(id).get("status").asText()).isEqualTo("ACTIVE");
    assertThat(described(id).get("autoRegistrationStatus").asText()).isEqualTo("ENABLE");
    assertThat(described(id).get("customerVersion").asInt()).isEqualTo(3);
    assertThat(described(id).get("generationId")).isEqualTo(description.get("generationId"));
    booted.call(
        "UpdateCACertificate", "{\"removeAutoRegistration\": true}", "path.caCertificateId", id);
    assertThat(described(id).get("autoRegistrationStatus").asText()).isEqualTo("DISABLE");
    assertFails(
        IdentityErrors.CERTIFICATE_STATE,
        () -> booted.call("DeleteCACertificate", "", "path.caCertificateId", id));
    update(id, "newStatus", "INACTIVE");
    booted.call("DeleteCACertificate", "", "path.caCertificateId", id);
    assertFails(ErrorCode.RESOURCE_NOT_FOUND, () -> described(id));
    assertThat(booted.store.table("identity.ca-families").size()).isZero();
  }

  @Test
  void whatDoesNotProveThatTheKeyIsHeldIsRefused() throws Exception {
    String code = code();
    TestCa other = TestCa.named("CN=Other");
    assertFails(
        IdentityErrors.REGISTRATION_CODE_VALIDATION,
        () -> registerCa(ca.pem(), ca.verification("0".repeat(64))));
    assertFails(
        IdentityErrors.CERTIFICATE_VALIDATION,
        () -> registerCa(ca.pem(), other.verification(code)));
    assertFails(
        IdentityErrors.CERTIFICATE_VALIDATION, () -> registerCa("x", ca.verification(code)));
    assertFails(
        ErrorCode.INVALID_REQUEST, () -> registerCa("x".repeat(65_537), ca.verification(code)));
    assertFails(
        ErrorCode.INVALID_REQUEST,
        () -> booted.call("RegisterCACertificate", Booted.body("caCertificate", ca.pem())));
    booted.call("DeleteRegistrationCode", "");
    assertFails(
        IdentityErrors.REGISTRATION_CODE_VALIDATION,
        () -> registerCa(ca.pem(), ca.verification(code)));
    assertThat(booted.call("ListCACertificates", "").get("certificates")).isEmpty();
  }

  @Test
  void whatIsNoGoodCaIsRefused() throws Exception {
    String code = code();
    KeyPair keys = CertificateMaker.ecKeys();
    X509Certificate noCa = new Leaf("CN=x", keys.getPublic()).signed(new X500Name("CN=x"), keys);
    assertFails(
        IdentityErrors.CERTIFICATE_VALIDATION,
        () -> registerCa(CertificateRules.pem(noCa), ca.verification(code)));
    TestCa weak = TestCa.named("CN=weak", TestCa.rsaKeys(1024));
    assertFails(
        IdentityErrors.CERTIFICATE_VALIDATION,
        () -> registerCa(weak.pem(), weak.verification(code)));
    booted.clock.advance(Duration.ofDays(4000));
    assertFails(
        IdentityErrors.CERTIFICATE_VALIDATION, () -> registerCa(ca.pem(), ca.verification(code)));
  }

  @Test
  void oneCaIsRegisteredOnce() throws Exception {
    String id = booted.register(ca, false);
    assertThatThrownBy(() -> registerCa(ca.pem(), ca.verification(code())))
        .isInstanceOfSatisfying(
            ServiceException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.RESOURCE_ALREADY_EXISTS);
              assertThat(e.members())
                  .isEqualTo(
                      Map.of(
                          "resourceId",
                          id,
                          "resourceArn",
                          "arn:aws:iot:us-east-1:123456789012:cacert/" + id));
            });
  }

  @Test
  void tenCasMayHaveOneSubjectAndKey() throws Exception {
    List<TestCa> family = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      family.add(TestCa.named("CN=Family", ca.keys));
    }
    for (TestCa member : family.subList(0, 10)) {
      booted.register(member, false);
    }
    assertFails(ErrorCode.LIMIT_EXCEEDED, () -> booted.register(family.get(10), false));
    booted.register(TestCa.named("CN=Family"), false); // another key
    String first = CertificateRules.id(family.get(0).certificate);
    update(first, "newStatus", "INACTIVE");
    booted.call("DeleteCACertificate", "", "path.caCertificateId", first);
    booted.register(family.get(10), false);
  }

  @Test
  void ofSeveralCasOfOneSubjectTheRightOneIsNamed() throws Exception {
    TestCa one = TestCa.named("CN=Family", ca.keys);
    TestCa two = TestCa.named("CN=Family", ca.keys);
    String first = booted.register(one, false);
    booted.register(two, false);
    X509Certificate leaf = one.device("CN=lamp");
    assertFails(IdentityErrors.CERTIFICATE_CONFLICT, () -> registerDevice(leaf, "", ""));
    assertFails(IdentityErrors.CERTIFICATE_VALIDATION, () -> registerDevice(leaf, ca.pem(), ""));
    String id = registerDevice(leaf, one.pem(), "").get("certificateId").asText();
    JsonNode description =
        booted
            .call("DescribeCertificate", "", "path.certificateId", id)
            .get("certificateDescription");
    assertThat(description.get("caCertificateId").asText()).isEqualTo(first);
    assertThat(description.get("status").asText()).isEqualTo("INACTIVE");
  }

  @Test
  void devicesOfAnInactiveOrUnknownCaAreNotRegistered() throws Exception {
    X509Certificate leaf = ca.device("CN=lamp");
    assertFails(IdentityErrors.CERTIFICATE_VALIDATION, () -> registerDevice(leaf, "", ""));
    String id = booted.register(ca, false);
    TestCa impostor = TestCa.named("CN=Works CA,O=Home");
    assertFails(
        IdentityErrors.CERTIFICATE_VALIDATION,
        () -> registerDevice(impostor.device("CN=lamp"), "", ""));
    update(id, "newStatus", "INACTIVE");
    assertFails(IdentityErrors.CERTIFICATE_STATE, () -> registerDevice(leaf, "", ""));
    update(id, "newStatus", "ACTIVE");
    registerDevice(leaf, "", "ACTIVE");
    assertFails(ErrorCode.RESOURCE_ALREADY_EXISTS, () -> registerDevice(leaf, "", "ACTIVE"));
    assertFails(
        ErrorCode.INVALID_REQUEST,
        () -> registerDevice(ca.device("CN=x"), "", "PENDING_ACTIVATION"));
  }

  @Test
  void certificatesThatAreNotForClientsAreNotRegistered() throws Exception {
    booted.register(ca, false);
    var key = CertificateMaker.ecKeys().getPublic();
    X509Certificate server =
        ca.sign(
            new Leaf("CN=s", key)
                .with(
                    Extension.extendedKeyUsage,
                    new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth)));
    X509Certificate noSigning =
        ca.sign(
            new Leaf("CN=s", key).with(Extension.keyUsage, new KeyUsage(KeyUsage.keyEncipherment)));
    X509Certificate expired =
        ca.sign(
            new Leaf("CN=s", key)
                .valid(Booted.NOW.minus(Duration.ofDays(2)), Booted.NOW.minusSeconds(1)));
    X509Certificate sha1 = ca.sign(new Leaf("CN=s", key).digest("SHA1"));
    X509Certificate small = ca.sign(new Leaf("CN=s", TestCa.rsaKeys(1024).getPublic()));
    for (X509Certificate leaf : List.of(server, noSigning, expired, sha1, small)) {
      assertFails(IdentityErrors.CERTIFICATE_VALIDATION, () -> registerDevice(leaf, "", ""));
    }
    registerDevice(
        ca.sign(
            new Leaf("CN=c", key)
                .with(
                    Extension.extendedKeyUsage,
                    new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth))),
        "",
        "");
  }

  @Test
  void certificatesAreListedByTheirCaAndWithoutOne() throws Exception {
    String id = booted.register(ca, false);
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      booted.clock.advance(Duration.ofSeconds(1));
      made.add(registerDevice(ca.device("CN=d" + i), "", "").get("certificateId").asText());
    }
    booted.clock.advance(Duration.ofSeconds(1));
    TestCa alone = TestCa.named("CN=alone");
    String own =
        booted
            .call("RegisterCertificateWithoutCA", Booted.body("certificatePem", alone.pem()))
            .get("certificateId")
            .asText();
    assertThat(ids("ListCertificatesByCA", "path.caCertificateId", id, "query.pageSize", "250"))
        .containsExactly(made.get(2), made.get(1), made.get(0));
    assertThat(
            ids(
                "ListCertificatesByCA",
                "path.caCertificateId",
                id,
                "query.isAscendingOrder",
                "true"))
        .isEqualTo(made);
    assertThat(ids("ListCertificates")).hasSize(4).first().isEqualTo(own);
    JsonNode page =
        booted.call(
            "ListCertificatesByCA",
            "",
            "path.caCertificateId",
            id,
            "query.pageSize",
            "2",
            "query.isAscendingOrder",
            "true");
    assertThat(page.get("certificates")).hasSize(2);
    assertThat(
            ids(
                "ListCertificatesByCA",
                "path.caCertificateId",
                id,
                "query.isAscendingOrder",
                "true",
                "query.marker",
                page.get("nextMarker").asText()))
        .containsExactly(made.get(2));
  }

  private List<String> ids(String operation, String... parameters) {
    List<String> ids = new ArrayList<>();
    booted
        .call(operation, "", parameters)
        .get("certificates")
        .forEach(node -> ids.add(node.get("certificateId").asText()));
    return ids;
  }

  @Test
  void templatesAndOtherModesAreRefusedByName() throws Exception {
    String code = code();
    ObjectNode body =
        new ObjectMapper()
            .createObjectNode()
            .put("caCertificate", ca.pem())
            .put("verificationCertificate", ca.verification(code));
    String sni = body.deepCopy().put("certificateMode", "SNI_ONLY").toString();
    assertFails(ErrorCode.INVALID_REQUEST, () -> booted.call("RegisterCACertificate", sni));
    ObjectNode template = body.deepCopy();
    template.putObject("registrationConfig").put("templateName", "t");
    assertFails(
        ErrorCode.INVALID_REQUEST, () -> booted.call("RegisterCACertificate", template.toString()));
    String id = booted.register(ca, true);
    assertFails(ErrorCode.INVALID_REQUEST, () -> update(id, "newStatus", "REVOKED"));
    assertFails(ErrorCode.INVALID_REQUEST, () -> update(id, "newAutoRegistrationStatus", "ON"));
    assertFails(ErrorCode.INVALID_REQUEST, () -> described("12"));
    assertThat(described(id).get("status").asText()).isEqualTo("ACTIVE");
  }

  @Test
  void allIsThereAfterARestart() throws Exception {
    String id = booted.register(ca, true);
    String code = code();
    booted.close();
    booted = new Booted(directory, booted.store, booted.clock, "");
    assertThat(code()).isEqualTo(code);
    assertThat(described(id).get("autoRegistrationStatus").asText()).isEqualTo("ENABLE");
    registerDevice(ca.device("CN=later"), "", "");
  }
}
