package dev.gatehouse.identity;

import dev.gatehouse.api.time.PassedTime;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Makes keys and certificates. A gateway may boot with its clock at 1970: what it signs then must
 * be valid when the clock has been set, so times are reckoned from the release at the earliest, and
 * validity begins well before.
 */
final class CertificateMaker {
  /** No correct clock shows an earlier time. */
  static final Instant RELEASE = PassedTime.RELEASE;

  private static final Instant NOT_BEFORE = Instant.parse("2020-01-01T00:00:00Z");
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Clock clock;

  CertificateMaker(Clock clock) {
    this.clock = clock;
  }

  /** The time, or the release if the clock is behind it. */
  Instant now() {
    Instant now = clock.instant();
    return now.isBefore(RELEASE) ? RELEASE : now;
  }

  /** Whether the clock can be believed in judging what has expired. */
  boolean clockIsPlausible() {
    return !clock.instant().isBefore(RELEASE);
  }

  /** Whether a certificate is not valid now; not told while the clock cannot be believed. */
  boolean expired(X509Certificate certificate) {
    return clockIsPlausible()
        && (now().isBefore(certificate.getNotBefore().toInstant())
            || now().isAfter(certificate.getNotAfter().toInstant()));
  }

  static KeyPair ecKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
    return generator.generateKeyPair();
  }

  static KeyPair rsaKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048, RANDOM);
    return generator.generateKeyPair();
  }

  /** A self-signed CA. */
  X509Certificate authority(KeyPair keys, String name, Duration validity)
      throws GeneralSecurityException {
    X500Name subject = new X500Name(name);
    return sign(
        builder(subject, subject, keys.getPublic(), validity),
        keys.getPrivate(),
        keys.getPublic(),
        keys.getPublic(),
        builder -> {
          builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
          builder.addExtension(
              Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        });
  }

  /** A server's certificate for host names and addresses. */
  X509Certificate server(
      X509Certificate issuer,
      PrivateKey issuerKey,
      PublicKey key,
      List<String> names,
      List<InetAddress> addresses,
      Duration validity)
      throws GeneralSecurityException {
    return sign(
        builder(subjectOf(issuer), new X500Name("CN=" + names.get(0)), key, validity),
        issuerKey,
        key,
        issuer.getPublicKey(),
        builder -> {
          builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
          builder.addExtension(
              Extension.keyUsage,
              true,
              new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment));
          builder.addExtension(
              Extension.extendedKeyUsage,
              false,
              new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
          builder.addExtension(
              Extension.subjectAlternativeName, false, alternatives(names, addresses));
        });
  }

  /** A device's certificate, as AWS IoT makes them. */
  X509Certificate device(
      X509Certificate issuer, PrivateKey issuerKey, PublicKey key, X500Name subject)
      throws GeneralSecurityException {
    Instant end = Instant.parse("2049-12-31T23:59:59Z");
    return sign(
        builder(subjectOf(issuer), subject, key, Duration.between(now(), end)),
        issuerKey,
        key,
        issuer.getPublicKey(),
        builder -> {
          builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
          builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        });
  }

  private static GeneralNames alternatives(List<String> names, List<InetAddress> addresses) {
    List<GeneralName> all =
        new java.util.ArrayList<>(
            names.stream().map(name -> new GeneralName(GeneralName.dNSName, name)).toList());
    addresses.forEach(
        address ->
            all.add(
                new GeneralName(
                    GeneralName.iPAddress, address.getHostAddress().replaceAll("%.*", ""))));
    return new GeneralNames(all.toArray(GeneralName[]::new));
  }

  private static X500Name subjectOf(X509Certificate certificate) {
    return X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
  }

  private X509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, PublicKey key, Duration validity) {
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(159, RANDOM).setBit(158),
        Date.from(NOT_BEFORE),
        Date.from(now().plus(validity)),
        subject,
        key);
  }

  private interface Extensions {
    void add(X509v3CertificateBuilder builder) throws CertIOException;
  }

  private static X509Certificate sign(
      X509v3CertificateBuilder builder,
      PrivateKey signer,
      PublicKey subjectKey,
      PublicKey issuerKey,
      Extensions extensions)
      throws GeneralSecurityException {
    try {
      JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
      extensions.add(builder);
      builder.addExtension(
          Extension.subjectKeyIdentifier, false, ids.createSubjectKeyIdentifier(subjectKey));
      builder.addExtension(
          Extension.authorityKeyIdentifier, false, ids.createAuthorityKeyIdentifier(issuerKey));
      String algorithm = signer.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder(algorithm).build(signer)));
    } catch (CertIOException | OperatorCreationException e) {
      throw new GeneralSecurityException("a certificate cannot be signed", e);
    }
  }
}
