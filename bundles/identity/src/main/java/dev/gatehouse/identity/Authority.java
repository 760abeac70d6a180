package dev.gatehouse.identity;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
    Path file = directory.resolve("ca.pem");
    if (!Files.exists(file)) {
      KeyPair keys = CertificateMaker.ecKeys();
      X509Certificate made =
          maker.authority(
              keys, "CN=Gatehouse Root CA " + fingerprint(keys.getPublic()), CA_VALIDITY);
      write("ca.key", "PRIVATE KEY", keys.getPrivate().getEncoded());
      write("ca.pem", "CERTIFICATE", made.getEncoded());
      LOG.info("event=ca-made file={}", file);
    }
    this.certificate = certificate("ca.pem");
    this.key = privateKey("EC", "ca.key");
    renewServerKeys();
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

  /** Loads the server's certificates; makes those that are absent or near their end. */
  void renewServerKeys() throws IOException, GeneralSecurityException {
    List<ServerKey> keys = new ArrayList<>();
    for (String algorithm : List.of("EC", "RSA")) {
      String name = "server-" + algorithm.toLowerCase(java.util.Locale.ROOT);
      if (!Files.exists(directory.resolve(name + ".pem")) || nearEnd(certificate(name + ".pem"))) {
        make(name, algorithm);
      }
      keys.add(
          new ServerKey(
              algorithm, privateKey(algorithm, name + ".key"), certificate(name + ".pem")));
    }
    serverKeys = List.copyOf(keys);
  }

  private boolean nearEnd(X509Certificate server) {
    return maker.clockIsPlausible()
        && server.getNotAfter().toInstant().isBefore(maker.now().plus(RENEW_BEFORE));
  }

  private void make(String name, String algorithm) throws IOException, GeneralSecurityException {
    KeyPair keys = algorithm.equals("EC") ? CertificateMaker.ecKeys() : CertificateMaker.rsaKeys();
    X509Certificate server =
        maker.server(certificate, key, keys.getPublic(), names(), addresses(), SERVER_VALIDITY);
    // The key first: a certificate without its key would be taken for a whole pair.
    write(name + ".key", "PRIVATE KEY", keys.getPrivate().getEncoded());
    write(name + ".pem", "CERTIFICATE", server.getEncoded());
    LOG.info("event=server-certificate-made algorithm={}", algorithm);
  }

  private static List<String> names() {
    List<String> names = new ArrayList<>(List.of("localhost"));
    try {
      String host = InetAddress.getLocalHost().getHostName();
      if (host.matches("[A-Za-z0-9.-]{1,64}") && !host.matches("[0-9.]+")) {
        names.add(host);
      }
    } catch (UnknownHostException e) {
      LOG.info("event=host-name-unknown reason=\"{}\"", e.getMessage());
    }
    return names;
  }

  private static List<InetAddress> addresses() throws SocketException {
    List<InetAddress> addresses = new ArrayList<>();
    for (NetworkInterface card : Collections.list(NetworkInterface.getNetworkInterfaces())) {
      if (card.isUp()) {
        addresses.addAll(Collections.list(card.getInetAddresses()));
      }
    }
    return addresses;
  }

  private void write(String name, String label, byte[] der) throws IOException {
    SecretFiles.write(
        directory.resolve(name), Pem.encode(label, der).getBytes(StandardCharsets.US_ASCII));
  }

  private String read(String name) throws IOException {
    return Files.readString(directory.resolve(name), StandardCharsets.ISO_8859_1);
  }

  private X509Certificate certificate(String name) throws IOException, GeneralSecurityException {
    try {
      return Pem.certificate(read(name));
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
