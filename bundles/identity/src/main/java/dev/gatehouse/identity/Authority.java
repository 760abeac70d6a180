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
import org.bouncycastle.asn1.x500.X500Name;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway's own CA and server certificates, in {@code pki/}. Made at first boot; the CA never
 * changes, the server certificates are renewed before they expire.
 */
final class Authority {
  private static final Logger LOG = LoggerFactory.getLogger(Authority.class);
  private static final Duration CA_VALIDITY = Duration.ofDays(20 * 365);
  private static final Duration SERVER_VALIDITY = Duration.ofDays(397);
  private static final Duration RENEW_BEFORE = Duration.ofDays(60);

  private final Path directory;
  private final CertificateMaker maker;
  private final X509Certificate certificate;
  private final PrivateKey key;
  private volatile List<ServerKey> serverKeys = List.of();

  /**
   * A key of the server.
   *
   * @param algorithm {@code EC} or {@code RSA}
   */
  record ServerKey(String algorithm, PrivateKey key, X509Certificate certificate) {}

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

  X509Certificate issue(PublicKey deviceKey, X500Name subject) throws GeneralSecurityException {
    return maker.device(certificate, key, deviceKey, subject);
  }

  /**
   * Loads the server's certificates. Makes those anew that are absent, near their end, left half
   * replaced, signed by another CA, or without a name or IPv4 address that the machine has now.
   */
  void renewServerKeys() throws IOException, GeneralSecurityException {
    List<ServerKey> keys = new ArrayList<>();
    for (String algorithm : List.of("EC", "RSA")) {
      String name = "server-" + algorithm.toLowerCase(Locale.ROOT);
      if (!present(name + ".pem") || !present(name + ".key") || !fit(load(name, algorithm))) {
        make(name, algorithm);
      }
      keys.add(load(name, algorithm));
    }
    serverKeys = List.copyOf(keys);
  }

  private ServerKey load(String name, String algorithm)
      throws IOException, GeneralSecurityException {
    return new ServerKey(
        algorithm, privateKey(algorithm, name + ".key"), certificate(name + ".pem"));
  }

  private boolean fit(ServerKey server) throws IOException, GeneralSecurityException {
    try {
      server.certificate().verify(certificate.getPublicKey());
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

  private void make(String name, String algorithm) throws IOException, GeneralSecurityException {
    KeyPair keys = algorithm.equals("EC") ? CertificateMaker.ecKeys() : CertificateMaker.rsaKeys();
    X509Certificate server =
        maker.server(
            certificate,
            key,
            keys.getPublic(),
            HostNames.names(),
            HostNames.addresses(),
            SERVER_VALIDITY);
    // The key first: a certificate without its key would be taken for a whole pair.
    write(name + ".key", "PRIVATE KEY", keys.getPrivate().getEncoded());
    write(name + ".pem", "CERTIFICATE", server.getEncoded());
    LOG.info("event=server-certificate-made algorithm={}", algorithm);
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
