package dev.gatehouse.edge;

import dev.gatehouse.api.identity.TlsIdentity;
import io.netty.handler.ssl.util.SelfSignedCertificate;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** A server with certificates of both kinds, which knows the devices that it was told of. */
final class FakeIdentity implements TlsIdentity {
  final Map<String, SelfSignedCertificate> keys = new ConcurrentHashMap<>();
  final Set<X509Certificate> devices = ConcurrentHashMap.newKeySet();

  FakeIdentity() throws CertificateException {
    keys.put("EC", new SelfSignedCertificate("localhost", "EC", 256));
    keys.put("RSA", new SelfSignedCertificate("localhost", "RSA", 2048));
  }

  void close() {
    keys.values().forEach(SelfSignedCertificate::delete);
  }

  @Override
  public X509ExtendedKeyManager serverKeys() {
    return new Keys();
  }

  @Override
  public X509ExtendedTrustManager deviceTrust() {
    return new Trust();
  }

  @Override
  public List<String> protocols() {
    return List.of("TLSv1.3", "TLSv1.2");
  }

  @Override
  public List<String> cipherSuites() {
    return List.of(
        "TLS_AES_128_GCM_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "TLS_RSA_WITH_AES_128_CBC_SHA");
  }

  private final class Keys extends X509ExtendedKeyManager {
    private @Nullable SelfSignedCertificate key(@Nullable String alias) {
      return alias == null ? null : keys.get(alias);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
        @Nullable String type, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      return key(type) == null ? null : type;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
      SelfSignedCertificate key = key(alias);
      return key == null ? null : new X509Certificate[] {key.cert()};
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
      SelfSignedCertificate key = key(alias);
      return key == null ? null : key.key();
    }

    @Override
    public @Nullable String chooseServerAlias(
        @Nullable String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }

    @Override
    public String @Nullable [] getServerAliases(
        @Nullable String type, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public String @Nullable [] getClientAliases(
        @Nullable String type, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
        String @Nullable [] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }
  }

  private final class Trust extends X509ExtendedTrustManager {
    private void check(X509Certificate[] chain) throws CertificateException {
      if (!devices.contains(chain[0])) {
        throw new CertificateException("the certificate is not registered");
      }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
