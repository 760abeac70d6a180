package dev.gatehouse.load;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;

/** Mutual TLS with one certificate for all clients. */
final class Tls {
  private static final char[] PASSWORD = "bench".toCharArray();

  private final SSLContext context;

  /**
   * Reads what to trust and who to be.
   *
   * @param store PKCS 12 with the device's key and certificate
   * @param ca PEM with the broker's root
   */
  Tls(Path store, Path ca) throws IOException {
    try {
      KeyStore own = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(store)) {
        own.load(in, PASSWORD);
      }
      KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
      keys.init(own, PASSWORD);
      KeyStore roots = KeyStore.getInstance("PKCS12");
      roots.load(null, null);
      try (InputStream in = Files.newInputStream(ca)) {
        roots.setCertificateEntry(
            "root",
            java.security.cert.CertificateFactory.getInstance("X.509").generateCertificate(in));
      }
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(roots);
      context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    } catch (GeneralSecurityException e) {
      throw new IOException("no TLS: " + e.getMessage(), e);
    }
  }

  SSLEngine engine(int port) {
    SSLEngine engine = context.createSSLEngine("localhost", port);
    engine.setUseClientMode(true);
    return engine;
  }
}
