package dev.gatehouse.identity;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A CA of a person's own, as openssl would make one. */
final class TestCa {
  private static long serial = 1;

  final KeyPair keys;
  final X509Certificate certificate;

  private TestCa(KeyPair keys, X509Certificate certificate) {
    this.keys = keys;
    this.certificate = certificate;
  }

  /** Self-signed, on new keys. */
  static TestCa named(String name) throws Exception {
    return named(name, CertificateMaker.ecKeys());
  }

  /** Self-signed; each call makes another certificate. */
  static TestCa named(String name, KeyPair keys) throws Exception {
    return new TestCa(
        keys,
        new Leaf(name, keys.getPublic())
            .with(Extension.basicConstraints, new BasicConstraints(true))
            .signed(new X500Name(name), keys));
  }

  static TestCa of(KeyPair keys, X509Certificate certificate) {
    return new TestCa(keys, certificate);
  }

  static KeyPair rsaKeys(int bits) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(bits);
    return generator.generateKeyPair();
  }

  private X500Name name() {
    return X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
  }

  String pem() {
    return CertificateRules.pem(certificate);
  }

  X509Certificate sign(Leaf leaf) throws Exception {
    return leaf.signed(name(), keys);
  }

  X509Certificate device(String name) throws Exception {
    return sign(new Leaf(name, CertificateMaker.ecKeys().getPublic()));
  }

  /** The certificate that proves to an account that the CA's key is held. */
  String verification(String code) throws Exception {
    return CertificateRules.pem(device("CN=" + code));
  }

  /** A certificate to be. */
  static final class Leaf {
    private final String subject;
    private final PublicKey key;
    private Instant begin = Booted.NOW.minus(Duration.ofDays(10));
    private Instant end = Booted.NOW.plus(Duration.ofDays(3650));
    private String digest = "SHA256";
    private ASN1ObjectIdentifier extension;
    private ASN1Encodable value;

    Leaf(String subject, PublicKey key) {
      this.subject = subject;
      this.key = key;
    }

    Leaf valid(Instant from, Instant to) {
      begin = from;
      end = to;
      return this;
    }

    Leaf digest(String name) {
      digest = name;
      return this;
    }

    Leaf with(ASN1ObjectIdentifier oid, ASN1Encodable content) {
      extension = oid;
      value = content;
      return this;
    }

    X509Certificate signed(X500Name issuer, KeyPair issuerKeys) throws Exception {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              issuer,
              BigInteger.valueOf(serial++),
              Date.from(begin),
              Date.from(end),
              new X500Name(subject),
              key);
      if (extension != null) {
        builder.addExtension(extension, true, value);
      }
      String algorithm =
          digest
              + "with"
              + (issuerKeys.getPrivate().getAlgorithm().equals("RSA") ? "RSA" : "ECDSA");
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(new JcaContentSignerBuilder(algorithm).build(issuerKeys.getPrivate())));
    }
  }
}
