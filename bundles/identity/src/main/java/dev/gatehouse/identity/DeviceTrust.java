package dev.gatehouse.identity;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Lets a device finish its handshake if its certificate is registered, signed by the gateway's own
 * CA, or by a registered one that registers on sight. The handshake proves that it has the key;
 * whether it may connect is asked afterwards.
 */
final class DeviceTrust extends X509ExtendedTrustManager {
  private final Authority authority;
  private final Certificates certificates;
  private final Signers signers;

  DeviceTrust(Authority authority, Certificates certificates, Signers signers) {
    this.authority = authority;
    this.certificates = certificates;
    this.signers = signers;
  }

  private void check(X509Certificate @Nullable [] chain) throws CertificateException {
    if (chain == null || chain.length == 0) {
      throw new CertificateException("no certificate was sent");
    }
    X509Certificate leaf = chain[0];
    Optional<String> flaw = CertificateRules.flaw(leaf);
    if (flaw.isPresent()) {
      throw new CertificateException(flaw.get());
    }
    if (!certificates.known(Certificates.id(leaf.getEncoded()))
        && !ours(leaf)
        && !JustInTime.mayRegister(signers, leaf)) {
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

  /** None are named: a client would keep back what another CA, or none, has signed. */
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
