package dev.gatehouse.identity;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway's own CAs and server certificates, in {@code pki/}. Made at first boot; the CAs never
 * change, the server certificates are renewed before they expire. One CA has an EC key and signs
 * all; the other has an RSA key and signs the server's RSA certificate once more, for clients that
 * cannot verify ECDSA.
 */
final class Authority {
  private static final Logger LOG = LoggerFactory.getLogger(Authority.class);
  private static final Duration CA_VALIDITY = Duration.ofDays(20 * 365);
  private static final Duration SERVER_VALIDITY = Duration.ofDays(397);
  private static final String RSA_CA = "ca-rsa";
  private static final String RSA_SERVER = "server-rsa-only";
  private static final Duration RENEW_BEFORE = Duration.ofDays(60);

  private final Path directory;
  private final CertificateMaker maker;
  private final X509Certificate certificate;
  private final PrivateKey key;
  private volatile List<ServerKey> serverKeys = List.of();
  private volatile @Nullable ServerKey rsaOnly;

  /**
   * A key of the server.
   *
   * @param algorithm {@code EC} or {@code RSA}
   */
  record ServerKey(
      String algorithm, PrivateKey key, X509Certificate certificate, X509Certificate issuer) {}

  Authority(Path directory, CertificateMaker maker) throws IOException, GeneralSecurityException {
    this.directory = SecretFiles.directory(directory);
    this.maker = maker;
    if (!present("ca.pem") && !present("server-ec.pem")) {
      make(); // neither a CA nor what one has signed: the first boot, or one that was interrupted
    }
    this.certificate = certificate("ca.pem");
    this.key = privateKey("EC", "ca.key");
    if (!matches(key, certificate.getPublicKey())) {
      throw damaged("ca.key", new GeneralSecurityException("it is not the key of ca.pem"));
    }
    renewServerKeys();
  }

  private void make() throws IOException, GeneralSecurityException {
    KeyPair keys = CertificateMaker.ecKeys();
    X509Certificate made =
        maker.authority(keys, "CN=Gatehouse Root CA " + fingerprint(keys.getPublic()), CA_VALIDITY);
    write("ca.key", "PRIVATE KEY", keys.getPrivate().getEncoded());
    write("ca.pem", "CERTIFICATE", made.getEncoded());
    LOG.info("event=ca-made file={}", directory.resolve("ca.pem"));
  }

  private boolean present(String name) {
    return Files.exists(directory.resolve(name));
  }

  private static boolean matches(PrivateKey key, PublicKey other) throws GeneralSecurityException {
    if (!key.getAlgorithm().equals(other.getAlgorithm())) {
      return false;
    }
    byte[] probe = new byte[32];
    Signature signature =
        Signature.getInstance(
            key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA");
    signature.initSign(key);
    signature.update(probe);
    byte[] signed = signature.sign();
    signature.initVerify(other);
    signature.update(probe);
    return signature.verify(signed);
  }

  /** So that the roots of two gateways can be told apart. */
  private static String fingerprint(PublicKey key) throws GeneralSecurityException {
    return Certificates.id(key.getEncoded()).substring(0, 8);
  }

  X509Certificate certificate() {
    return certificate;
  }

  List<ServerKey> serverKeys() {
    return serverKeys;
  }

  /** The one for clients that cannot verify ECDSA, once it has been made. */
  Optional<ServerKey> rsaOnly() {
    return Optional.ofNullable(rsaOnly);
  }

  X509Certificate issue(PublicKey deviceKey, X500Name subject) throws GeneralSecurityException {
    return maker.device(certificate, key, deviceKey, subject);
  }

  /**
   * Loads the server's certificates. Makes those anew that are absent, near their end, left half
   * replaced, signed by another CA, or without a name or IPv4 address that the machine has now.
   */
  synchronized void renewServerKeys() throws IOException, GeneralSecurityException {
    List<ServerKey> keys = new ArrayList<>();
    for (String algorithm : List.of("EC", "RSA")) {
      String name = "server-" + algorithm.toLowerCase(Locale.ROOT);
      if (!present(name + ".pem") || !present(name + ".key") || !fit(load(name, algorithm))) {
        boolean ec = algorithm.equals("EC");
        KeyPair pair = ec ? CertificateMaker.ecKeys() : CertificateMaker.rsaKeys();
        make(name, pair, certificate, key);
      }
      keys.add(load(name, algorithm));
    }
    serverKeys = List.copyOf(keys);
  }

  private ServerKey load(String name, String algorithm)
      throws IOException, GeneralSecurityException {
    return new ServerKey(
        algorithm, privateKey(algorithm, name + ".key"), certificate(name + ".pem"), certificate);
  }

  /**
   * Loads, or makes as {@link #renewServerKeys} does, what clients get that cannot verify ECDSA.
   * Not at the start, which need not wait for two RSA keys.
   */
  synchronized void renewRsaOnly() throws IOException, GeneralSecurityException {
    if (!present(RSA_CA + ".pem") && !present(RSA_SERVER + ".pem")) {
      KeyPair keys = CertificateMaker.rsaKeys();
      String subject = "CN=Gatehouse RSA Root CA " + fingerprint(keys.getPublic());
      write(RSA_CA + ".key", "PRIVATE KEY", keys.getPrivate().getEncoded());
      write(
          RSA_CA + ".pem", "CERTIFICATE", maker.authority(keys, subject, CA_VALIDITY).getEncoded());
      LOG.info("event=ca-made file={}", directory.resolve(RSA_CA + ".pem"));
    }
    PrivateKey issuerKey = privateKey("RSA", RSA_CA + ".key");
    X509Certificate issuer = certificate(RSA_CA + ".pem");
    if (!matches(issuerKey, issuer.getPublicKey())) {
      throw damaged(RSA_CA + ".key", new GeneralSecurityException("it is not the key of its CA"));
    }
    if (!present(RSA_SERVER + ".pem")
        || !present(RSA_SERVER + ".key")
        || !fit(loadRsaOnly(issuer))) {
      make(RSA_SERVER, CertificateMaker.rsaKeys(), issuer, issuerKey);
    }
    rsaOnly = loadRsaOnly(issuer);
  }

  private ServerKey loadRsaOnly(X509Certificate issuer)
      throws IOException, GeneralSecurityException {
    return new ServerKey(
        "RSA", privateKey("RSA", RSA_SERVER + ".key"), certificate(RSA_SERVER + ".pem"), issuer);
  }

  private boolean fit(ServerKey server) throws IOException, GeneralSecurityException {
    try {
      server.certificate().verify(server.issuer().getPublicKey());
    } catch (InvalidKeyException | SignatureException e) {
      LOG.warn("event=server-certificate-not-ours algorithm={}", server.algorithm());
      return false;
    }
    return !nearEnd(server.certificate())
        && matches(server.key(), server.certificate().getPublicKey())
        && HostNames.covered(server.certificate());
  }

  private boolean nearEnd(X509Certificate server) {
    return maker.clockIsPlausible()
        && server.getNotAfter().toInstant().isBefore(maker.now().plus(RENEW_BEFORE));
  }

  private void make(String name, KeyPair keys, X509Certificate issuer, PrivateKey issuerKey)
      throws IOException, GeneralSecurityException {
    X509Certificate server =
        maker.server(
            issuer,
            issuerKey,
            keys.getPublic(),
            HostNames.names(),
            HostNames.addresses(),
            SERVER_VALIDITY);
    // The key first: a certificate without its key would be taken for a whole pair.
    write(name + ".key", "PRIVATE KEY", keys.getPrivate().getEncoded());
    write(name + ".pem", "CERTIFICATE", server.getEncoded());
    LOG.info("event=server-certificate-made file={}", directory.resolve(name + ".pem"));
  }

  private void write(String name, String label, byte[] der) throws IOException {
    SecretFiles.write(
        directory.resolve(name), Pem.encode(label, der).getBytes(StandardCharsets.US_ASCII));
  }

  private String read(String name) throws IOException {
    if (!present(name)) {
      throw new NoSuchFileException(
          directory.resolve(name).toString(),
          null,
          "it is missing; restore it, or move the whole of pki/ away to begin with a new CA,"
              + " which every client must then be given");
    }
    return Files.readString(directory.resolve(name), StandardCharsets.ISO_8859_1);
  }

  private X509Certificate certificate(String name) throws IOException, GeneralSecurityException {
    try {
      X509Certificate read = Pem.certificate(read(name));
      if (read.getSubjectX500Principal().equals(read.getIssuerX500Principal())) {
        read.verify(read.getPublicKey());
      }
      return read;
    } catch (GeneralSecurityException e) {
      throw damaged(name, e);
    }
  }

  private PrivateKey privateKey(String algorithm, String name)
      throws IOException, GeneralSecurityException {
    try {
      return Pem.privateKey(algorithm, read(name));
    } catch (GeneralSecurityException e) {
      throw damaged(name, e);
    }
  }

  private GeneralSecurityException damaged(String name, GeneralSecurityException cause) {
    return new GeneralSecurityException(
        directory.resolve(name) + " is damaged (" + cause.getMessage() + "); restore it", cause);
  }
}
