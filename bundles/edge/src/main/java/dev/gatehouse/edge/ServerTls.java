package dev.gatehouse.edge;

import dev.gatehouse.api.identity.TlsIdentity;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/** What the listeners of the gateway offer in a handshake. */
public final class ServerTls {
  private ServerTls() {}

  /**
   * The context of a listener. Netty's builder is passed by: the class behind it handshakes with
   * itself when it is loaded, a quarter of a second of each start, to learn whether trust managers
   * can be wrapped, and none is here.
   */
  public static SslContext context(TlsIdentity identity, ClientAuth clientAuth)
      throws SSLException {
    try {
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(
          new KeyManager[] {identity.serverKeys()},
          new TrustManager[] {identity.deviceTrust()},
          null);
      return new JdkSslContext(
          tls,
          false,
          identity.cipherSuites(),
          IdentityCipherSuiteFilter.INSTANCE,
          null,
          clientAuth,
          identity.protocols().toArray(new String[0]),
          false);
    } catch (GeneralSecurityException e) {
      throw new SSLException("no TLS: " + e.getMessage(), e);
    }
  }
}
