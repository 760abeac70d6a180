package dev.gatehouse.identity;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Lets a device finish its handshake if its certificate is registered or signed by the gateway's
 * own CA. The handshake proves that it has the key; whether it may connect is asked afterwards.
 */
final class DeviceTrust extends X509ExtendedTrustManager {
  private static final int MIN_RSA_BITS = 2048;

  private final Authority authority;
  private final Certificates certificates;

  DeviceTrust(Authority authority, Certificates certificates) {
    this.authority = authority;
    this.certificates = certificates;
  }

  private void check(X509Certificate @Nullable [] chain) throws CertificateException {
    if (chain == null || chain.length == 0) {
      throw new CertificateException("no certificate was sent");
    }
    X509Certificate leaf = chain[0];
    String algorithm = leaf.getSigAlgName().toUpperCase(Locale.ROOT);
    if (algorithm.contains("MD5") || algorithm.contains("MD2") || algorithm.contains("SHA1")) {
      throw new CertificateException(
          "signatures with " + leaf.getSigAlgName() + " are not accepted");
    }
    if (leaf.getPublicKey() instanceof RSAPublicKey key
        && key.getModulus().bitLength() < MIN_RSA_BITS) {
      throw new CertificateException("RSA keys below " + MIN_RSA_BITS + " bits are not accepted");
    }
    if (!certificates.known(Certificates.id(leaf.getEncoded())) && !ours(leaf)) {
      throw new CertificateException("the certificate is not registered");
    }
  }

  private boolean ours(X509Certificate leaf) {
    try {
      leaf.verify(authority.certificate().getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate @Nullable [] chain, @Nullable String authType)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(
      X509Certificate @Nullable [] chain, @Nullable String authType, @Nullable Socket socket)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(
      X509Certificate @Nullable [] chain, @Nullable String authType, @Nullable SSLEngine engine)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate @Nullable [] chain, @Nullable String authType)
      throws CertificateException {
    throw new CertificateException("servers are not judged here");
  }

  @Override
  public void checkServerTrusted(
      X509Certificate @Nullable [] chain, @Nullable String authType, @Nullable Socket socket)
      throws CertificateException {
    throw new CertificateException("servers are not judged here");
  }

  @Override
  public void checkServerTrusted(
      X509Certificate @Nullable [] chain, @Nullable String authType, @Nullable SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("servers are not judged here");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[] {authority.certificate()};
  }
}
