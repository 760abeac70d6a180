package dev.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Authentication;
import dev.gatehouse.api.identity.Authentication.Reason;
import dev.gatehouse.identity.TestCa.Leaf;
import dev.gatehouse.testkit.InMemoryBus;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JustInTimeTest {
  @TempDir private Path directory;
  private final InMemoryBus bus = new InMemoryBus();
  private final KeyPair keys = keys();
  private Booted booted;
  private TestCa ca;
  private String caId;

  private static KeyPair keys() {
    try {
      return CertificateMaker.ecKeys();
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void boot() throws Exception {
    booted = new Booted(directory);
    booted.identity.setBus(bus);
    ca = TestCa.named("CN=Works CA");
    caId = booted.register(ca, true);
  }

  @AfterEach
  void stop() {
    booted.close();
  }

  /** A device connects: a handshake, then what the edge asks. */
  private Authentication connect(X509Certificate... chain) throws Exception {
    SSLEngine server = TlsPair.server(TlsPair.serverContext(booted));
    TlsPair.shake(
        TlsPair.client(TlsPair.clientContext(directory, keys.getPrivate(), chain)), server);
    return judged(TlsPair.peer(server));
  }

  private Authentication judged(List<X509Certificate> chain) {
    return booted.identity.certificate(chain).toCompletableFuture().join();
  }

  private Leaf leaf(String name) {
    return new Leaf("CN=" + name, keys.getPublic());
  }

  private List<String> events() {
    return bus.textsOf("$aws/events/certificates/registered/" + caId);
  }

  private String status(String id) {
    return booted
        .call("DescribeCertificate", "", "path.certificateId", id)
        .at("/certificateDescription/status")
        .asText();
  }

  private void update(String id, String status) {
    booted.call("UpdateCertificate", "", "path.certificateId", id, "query.newStatus", status);
  }

  private void updateCa(String name, String value) {
    booted.call("UpdateCACertificate", "", "path.caCertificateId", caId, "query." + name, value);
  }

  private static Reason reason(Authentication authentication) {
    return ((Authentication.Refused) authentication).reason();
  }

  @Test
  void anUnknownDeviceOfARegisteredCaWaitsForItsActivationAndThenConnects() throws Exception {
    X509Certificate device = ca.sign(leaf("lamp"));
    String id = CertificateRules.id(device);
    assertThat(connect(device, ca.certificate)).isEqualTo(new Authentication.Registered(id));
    assertThat(status(id)).isEqualTo("PENDING_ACTIVATION");
    assertThat(events()).hasSize(1);
    JsonNode event = new ObjectMapper().readTree(events().get(0));
    Set<String> members = new TreeSet<>();
    event.fieldNames().forEachRemaining(members::add);
    assertThat(members)
        .containsExactly(
            "awsAccountId",
            "caCertificateId",
            "certificateId",
            "certificateRegistrationTimestamp",
            "certificateStatus",
            "timestamp");
    assertThat(event.get("certificateId").asText()).isEqualTo(id);
    assertThat(event.get("caCertificateId").asText()).isEqualTo(caId);
    assertThat(event.get("awsAccountId").asText()).isEqualTo("123456789012");
    assertThat(event.get("certificateStatus").asText()).isEqualTo("PENDING_ACTIVATION");
    assertThat(event.get("timestamp").isNumber()).isTrue();
    assertThat(event.get("certificateRegistrationTimestamp").isTextual()).isTrue();
    update(id, "ACTIVE");
    assertThat(connect(device)).isInstanceOf(Authentication.Accepted.class);
    assertThat(
            booted
                .call("ListCertificatesByCA", "", "path.caCertificateId", caId)
                .at("/certificates/0/certificateId")
                .asText())
        .isEqualTo(id);
  }

  @Test
  void oneThatStillWaitsIsToldOfAgainButNotAllTheTime() throws Exception {
    X509Certificate device = ca.sign(leaf("lamp"));
    connect(device);
    for (int i = 0; i < 5; i++) {
      assertThat(judged(List.of(device))).isInstanceOf(Authentication.Registered.class);
    }
    assertThat(events()).hasSize(1);
    booted.clock.advance(Duration.ofMinutes(2));
    assertThat(judged(List.of(device))).isInstanceOf(Authentication.Registered.class);
    assertThat(events()).hasSize(2);
  }

  @Test
  void connectionsAtTheSameTimeRegisterOnceAndTellOnce() throws Exception {
    X509Certificate device = ca.sign(leaf("lamp"));
    booted.store.hold();
    List<CompletableFuture<Authentication>> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      all.add(booted.identity.certificate(List.of(device)).toCompletableFuture());
    }
    booted.store.release();
    for (CompletableFuture<Authentication> one : all) {
      assertThat(one.join()).isEqualTo(new Authentication.Registered(CertificateRules.id(device)));
    }
    assertThat(events()).hasSize(1);
  }

  @Test
  void aFloodOfNewDevicesIsBounded() throws Exception {
    List<X509Certificate> devices = new ArrayList<>();
    for (int i = 0; i < 17; i++) {
      devices.add(ca.sign(leaf("d" + i)));
    }
    for (X509Certificate device : devices.subList(0, 15)) {
      assertThat(judged(List.of(device))).isInstanceOf(Authentication.Registered.class);
    }
    assertThat(reason(judged(List.of(devices.get(15))))).isEqualTo(Reason.UNAVAILABLE);
    assertThat(events()).hasSize(15);
    booted.clock.advance(Duration.ofMillis(100));
    assertThat(judged(List.of(devices.get(15)))).isInstanceOf(Authentication.Registered.class);
    assertThat(reason(judged(List.of(devices.get(16))))).isEqualTo(Reason.UNAVAILABLE);
  }

  @Test
  void anInactiveCaAndOneThatDoesNotRegisterOnSightLetNobodyNewIn() throws Exception {
    X509Certificate known = ca.sign(leaf("known"));
    connect(known);
    update(CertificateRules.id(known), "ACTIVE");
    X509Certificate device = ca.sign(leaf("new"));
    updateCa("newAutoRegistrationStatus", "DISABLE");
    assertThatThrownBy(() -> connect(device)).isInstanceOf(SSLException.class);
    assertThat(reason(judged(List.of(device)))).isEqualTo(Reason.UNKNOWN_CERTIFICATE);
    updateCa("newAutoRegistrationStatus", "ENABLE");
    updateCa("newStatus", "INACTIVE");
    assertThatThrownBy(() -> connect(device)).isInstanceOf(SSLException.class);
    assertThat(reason(judged(List.of(device)))).isEqualTo(Reason.UNKNOWN_SIGNER);
    assertThat(connect(known)).isInstanceOf(Authentication.Accepted.class);
    booted.call("DeleteCACertificate", "", "path.caCertificateId", caId);
    assertThat(reason(judged(List.of(device)))).isEqualTo(Reason.UNKNOWN_CERTIFICATE);
    assertThat(connect(known)).isInstanceOf(Authentication.Accepted.class);
    assertThat(events()).hasSize(1);
  }

  @Test
  void ofSeveralCasTheOneThatIsSentAlongIsMeant() throws Exception {
    TestCa twin = TestCa.named("CN=Works CA", ca.keys);
    String twinId = booted.register(twin, true);
    X509Certificate device = ca.sign(leaf("lamp"));
    assertThat(reason(connect(device))).isEqualTo(Reason.UNKNOWN_SIGNER);
    assertThat(connect(device, twin.certificate)).isInstanceOf(Authentication.Registered.class);
    assertThat(bus.textsOf("$aws/events/certificates/registered/" + twinId)).hasSize(1);
  }

  @Test
  void whatIsExpiredOrNotYetValidIsNotRegistered() throws Exception {
    var now = Booted.NOW;
    X509Certificate old = ca.sign(leaf("old").valid(now.minusSeconds(90), now.minusSeconds(60)));
    X509Certificate early = ca.sign(leaf("early").valid(now.plusSeconds(60), now.plusSeconds(90)));
    assertThat(reason(connect(old))).isEqualTo(Reason.EXPIRED_CERTIFICATE);
    assertThat(reason(connect(early))).isEqualTo(Reason.EXPIRED_CERTIFICATE);
    assertThat(booted.store.table(Certificates.TABLE).size()).isZero();
    booted.clock.advance(Duration.ofSeconds(70));
    assertThat(connect(early)).isInstanceOf(Authentication.Registered.class);
  }

  @Test
  void whatIsWrongFailsTheHandshake() throws Exception {
    TestCa impostor = TestCa.named("CN=Works CA");
    TestCa middle = intermediate();
    List<X509Certificate[]> wrong =
        List.of(
            chain(ca.sign(leaf("wrong usage").with(Extension.extendedKeyUsage, serverAuth()))),
            chain(
                ca.sign(
                    leaf("no signing")
                        .with(Extension.keyUsage, new KeyUsage(KeyUsage.keyAgreement)))),
            chain(
                ca.sign(leaf("a CA").with(Extension.basicConstraints, new BasicConstraints(true)))),
            chain(ca.sign(leaf("weak").digest("SHA1"))),
            chain(impostor.sign(leaf("same name and other key"))),
            chain(impostor.sign(leaf("same name and other key")), ca.certificate),
            chain(leaf("itself").signed(new org.bouncycastle.asn1.x500.X500Name("CN=i"), keys)),
            // Who signs devices must be registered itself: paths are not followed.
            chain(middle.sign(leaf("lower")), middle.certificate, ca.certificate));
    for (X509Certificate[] chain : wrong) {
      assertThatThrownBy(() -> connect(chain))
          .as(chain[0].getSubjectX500Principal().getName())
          .isInstanceOf(SSLException.class);
      assertThat(judged(List.of(chain)))
          .as(chain[0].getSubjectX500Principal().getName())
          .isInstanceOf(Authentication.Refused.class);
    }
    assertThat(events()).isEmpty();
    assertThat(booted.store.table(Certificates.TABLE).size()).isZero();
  }

  private TestCa intermediate() throws Exception {
    KeyPair lower = CertificateMaker.ecKeys();
    X509Certificate signed =
        ca.sign(
            new Leaf("CN=middle", lower.getPublic())
                .with(Extension.basicConstraints, new BasicConstraints(0)));
    return TestCa.of(lower, signed);
  }

  private static X509Certificate[] chain(X509Certificate... certificates) {
    return certificates;
  }

  private static ExtendedKeyUsage serverAuth() {
    return new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth);
  }

  @Test
  void aShortKeyFailsTheHandshake() throws Exception {
    KeyPair small = TestCa.rsaKeys(1024);
    X509Certificate device = ca.sign(new Leaf("CN=small", small.getPublic()));
    SSLEngine client = TlsPair.client(TlsPair.clientContext(directory, small.getPrivate(), device));
    assertThatThrownBy(() -> TlsPair.shake(client, TlsPair.server(TlsPair.serverContext(booted))))
        .isInstanceOf(SSLException.class);
  }

  @Test
  void aChainThatIsTooLongOrTooLargeFailsTheHandshake() throws Exception {
    X509Certificate device = ca.sign(leaf("long"));
    List<X509Certificate> chain = new ArrayList<>(List.of(device));
    TestCa above = ca;
    for (int i = 0; i < 20; i++) {
      chain.add(above.certificate);
    }
    assertThatThrownBy(() -> connect(chain.toArray(X509Certificate[]::new)))
        .isInstanceOf(SSLException.class);
    X509Certificate large =
        ca.sign(
            leaf("large")
                .with(
                    new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1"),
                    new DEROctetString(new byte[1 << 20])));
    assertThatThrownBy(() -> connect(large)).isInstanceOf(SSLException.class);
    assertThat(events()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aResumedSessionDoesNotOutliveTheCertificate(String protocol) throws Exception {
    X509Certificate device = ca.sign(leaf("lamp"));
    connect(device);
    String id = CertificateRules.id(device);
    update(id, "ACTIVE");
    SSLContext serverContext = TlsPair.serverContext(booted);
    SSLContext clientContext = TlsPair.clientContext(directory, keys.getPrivate(), device);
    SSLEngine first = shaken(clientContext, serverContext, protocol);
    assertThat(judged(TlsPair.peer(first))).isInstanceOf(Authentication.Accepted.class);
    long begun = first.getSession().getCreationTime();
    SSLEngine resumed = shaken(clientContext, serverContext, protocol);
    assertThat(judged(TlsPair.peer(resumed))).isInstanceOf(Authentication.Accepted.class);
    update(id, "REVOKED");
    SSLEngine revoked = shaken(clientContext, serverContext, protocol);
    assertThat(resumed.getSession().getCreationTime()).as("it was resumed").isEqualTo(begun);
    assertThat(revoked.getSession().getCreationTime()).as("it was resumed").isEqualTo(begun);
    assertThat(reason(judged(TlsPair.peer(revoked)))).isEqualTo(Reason.REVOKED_CERTIFICATE);
    update(id, "INACTIVE");
    assertThat(reason(judged(TlsPair.peer(shaken(clientContext, serverContext, protocol)))))
        .isEqualTo(Reason.INACTIVE_CERTIFICATE);
    booted.call("DeleteCertificate", "", "path.certificateId", id);
    updateCa("newStatus", "INACTIVE");
    assertThat(reason(judged(TlsPair.peer(revoked)))).isEqualTo(Reason.UNKNOWN_SIGNER);
  }

  private static SSLEngine shaken(SSLContext clients, SSLContext servers, String protocol)
      throws SSLException {
    SSLEngine client = TlsPair.client(clients);
    client.setEnabledProtocols(new String[] {protocol});
    SSLEngine server = TlsPair.server(servers);
    TlsPair.shake(client, server);
    return server;
  }

  @Test
  void aStoreThatCannotWriteLetsNobodyIn() throws Exception {
    X509Certificate device = ca.sign(leaf("lamp"));
    booted.store.failWith("full");
    assertThat(reason(judged(List.of(device)))).isEqualTo(Reason.UNAVAILABLE);
    assertThat(events()).isEmpty();
  }

  @Test
  void anotherAccountsCaRegistersInThatAccount() throws Exception {
    Account other = new Account("210987654321", "us-east-1");
    TestCa theirs = TestCa.named("CN=Theirs");
    String theirId = booted.registerAs(other, theirs, true);
    X509Certificate device = theirs.sign(leaf("lamp"));
    assertThat(connect(device)).isInstanceOf(Authentication.Registered.class);
    assertThat(booted.identity.exists(other, CertificateRules.id(device))).isTrue();
    assertThat(booted.identity.exists(Booted.ACCOUNT, CertificateRules.id(device))).isFalse();
    assertThat(bus.published())
        .singleElement()
        .satisfies(
            message -> {
              assertThat(message.account()).isEqualTo(other);
              assertThat(message.topic().value())
                  .isEqualTo("$aws/events/certificates/registered/" + theirId);
            });
  }
}
