package dev.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.api.identity.Authentication;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Handshakes of JSSE engines in memory, with what the identity serves and trusts. */
class HandshakeTest {
  @TempDir private static Path directory;
  private static Booted booted;
  private static JsonNode device;
  private static PrivateKey deviceKey;

  @BeforeAll
  static void boot() throws Exception {
    booted = new Booted(directory);
    device = booted.certificate();
    try (PEMParser parser =
        new PEMParser(new java.io.StringReader(device.at("/keyPair/PrivateKey").asText()))) {
      PrivateKeyInfo info = ((PEMKeyPair) parser.readObject()).getPrivateKeyInfo();
      deviceKey =
          KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
    }
  }

  @AfterAll
  static void stop() {
    booted.close();
  }

  private static SSLEngine server() throws Exception {
    return TlsPair.server(TlsPair.serverContext(booted));
  }

  private static SSLEngine client(PrivateKey key, X509Certificate certificate) throws Exception {
    return TlsPair.client(TlsPair.clientContext(directory, key, certificate));
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "TLSv1.3, TLS_AES_128_GCM_SHA256, EC",
    "TLSv1.2, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, EC",
    "TLSv1.2, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, RSA",
    "TLSv1.2, TLS_RSA_WITH_AES_128_GCM_SHA256, RSA"
  })
  void aDeviceShakesHandsAndIsAccepted(String protocol, String suite, String serverKey)
      throws Exception {
    X509Certificate certificate = Pem.certificate(device.get("certificatePem").asText());
    SSLEngine client = client(deviceKey, certificate);
    client.setEnabledProtocols(new String[] {protocol});
    client.setEnabledCipherSuites(new String[] {suite});
    SSLEngine server = server();
    TlsPair.shake(client, server);
    assertThat(client.getSession().getPeerCertificates()[0].getPublicKey().getAlgorithm())
        .isEqualTo(serverKey);
    assertThat(judged(server)).isEqualTo(new Authentication.Accepted(booted.principal(device)));
  }

  private static Authentication judged(SSLEngine server) throws SSLPeerUnverifiedException {
    X509Certificate leaf = (X509Certificate) server.getSession().getPeerCertificates()[0];
    return booted.identity.certificate(List.of(leaf)).toCompletableFuture().join();
  }

  @Test
  void aCertificateOfOursThatIsNotRegisteredPassesTheHandshakeButNotTheAuthenticator()
      throws Exception {
    KeyPair keys = CertificateMaker.ecKeys();
    Authority authority =
        new Authority(directory.resolve("pki"), new CertificateMaker(booted.clock));
    SSLEngine server = server();
    TlsPair.shake(
        client(keys.getPrivate(), authority.issue(keys.getPublic(), new X500Name("CN=x"))), server);
    assertThat(judged(server))
        .isInstanceOfSatisfying(
            Authentication.Refused.class,
            refused ->
                assertThat(refused.reason()).isEqualTo(Authentication.Reason.UNKNOWN_CERTIFICATE));
  }

  @Test
  void aStrangersCertificateFailsTheHandshake() throws Exception {
    KeyPair keys = CertificateMaker.ecKeys();
    X509Certificate own = TestCa.named("CN=x", keys).certificate;
    SSLEngine client = client(keys.getPrivate(), own);
    client.setEnabledProtocols(new String[] {"TLSv1.2"});
    assertThatThrownBy(() -> TlsPair.shake(client, server())).isInstanceOf(SSLException.class);
    assertThatThrownBy(() -> check(own))
        .isInstanceOf(CertificateException.class)
        .hasMessageContaining("not registered");
  }

  @Test
  void aClientThatCannotVerifyEcdsaGetsNothingElse() throws Exception {
    Authority authority =
        new Authority(directory.resolve("pki"), new CertificateMaker(booted.clock));
    authority.renewRsaOnly();
    ServerKeyManager keys = new ServerKeyManager(authority);
    String alias = keys.alias("RSA", List.of("SHA256withRSA", "RSASSA-PSS"));
    X509Certificate[] chain = keys.getCertificateChain(alias);
    X509Certificate root = Pem.certificate(Files.readString(directory.resolve("pki/ca-rsa.pem")));
    assertThat(chain).hasSize(2).endsWith(root);
    for (X509Certificate certificate : chain) {
      assertThat(certificate.getPublicKey().getAlgorithm()).isEqualTo("RSA");
      assertThat(certificate.getSigAlgName()).isEqualTo("SHA256withRSA");
      certificate.verify(root.getPublicKey());
    }
    assertThat(keys.getPrivateKey(alias).getAlgorithm()).isEqualTo("RSA");
    assertThat(keys.alias("EC", List.of("SHA256withRSA"))).isEqualTo("EC");
    assertThat(keys.alias("RSA", List.of())).isEqualTo("RSA");
    assertThat(keys.alias("RSA", List.of("SHA256withRSA", "SHA256withECDSA"))).isEqualTo("RSA");
    byte[] before = root.getEncoded();
    authority.renewRsaOnly();
    assertThat(keys.getCertificateChain(alias)[1].getEncoded()).isEqualTo(before);
    assertThat(keys.getCertificateChain(alias)[0]).isEqualTo(chain[0]);
  }

  @Test
  void theSuitesOfTheGuideAreOfferedIfAskedFor() throws Exception {
    assertThat(CipherSuites.GUIDE.all()).hasSize(21).containsAll(CipherSuites.MODERN.all());
    assertThat(CipherSuites.GUIDE.offered()).isSubsetOf(CipherSuites.GUIDE.all());
    assertThat(booted.identity.cipherSuites())
        .isEqualTo(CipherSuites.MODERN.all())
        .allMatch(suite -> suite.contains("GCM") || suite.contains("POLY1305"));
  }

  @Test
  void sameNameAndOtherKeyIsAStranger() throws Exception {
    KeyPair keys = CertificateMaker.ecKeys();
    X509Certificate ca = Pem.certificate(Files.readString(directory.resolve("pki/ca.pem")));
    String name = ca.getSubjectX500Principal().getName();
    X509Certificate forged =
        new CertificateMaker(booted.clock).authority(keys, name, Duration.ofDays(1));
    assertThatThrownBy(() -> check(forged)).isInstanceOf(CertificateException.class);
  }

  @Test
  void weakSignaturesAndShortKeysAreRefused() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(1024);
    KeyPair shortKeys = generator.generateKeyPair();
    assertThatThrownBy(() -> check(selfSigned(shortKeys, "SHA256withRSA")))
        .hasMessageContaining("below 2048");
    KeyPair keys = CertificateMaker.ecKeys();
    assertThatThrownBy(() -> check(selfSigned(keys, "SHA1withECDSA")))
        .hasMessageContaining("SHA1withECDSA");
    assertThatThrownBy(() -> booted.identity.deviceTrust().checkClientTrusted(null, "RSA"))
        .isInstanceOf(CertificateException.class);
  }

  private static void check(X509Certificate certificate) throws CertificateException {
    booted
        .identity
        .deviceTrust()
        .checkClientTrusted(new X509Certificate[] {certificate}, "UNKNOWN");
  }

  private static X509Certificate selfSigned(KeyPair keys, String algorithm) throws Exception {
    X500Name name = new X500Name("CN=weak");
    return new JcaX509CertificateConverter()
        .getCertificate(
            new JcaX509v3CertificateBuilder(
                    name,
                    BigInteger.ONE,
                    Date.from(Instant.EPOCH),
                    Date.from(Booted.NOW.plus(Duration.ofDays(1))),
                    name,
                    keys.getPublic())
                .build(new JcaContentSignerBuilder(algorithm).build(keys.getPrivate())));
  }
}
