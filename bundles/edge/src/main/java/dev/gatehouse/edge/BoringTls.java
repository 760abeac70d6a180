package dev.gatehouse.edge;

import dev.gatehouse.api.identity.TlsIdentity;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import javax.net.ssl.SSLException;

/** A context of BoringSSL. Apart from {@link ServerTls}, so that its classes may be absent. */
final class BoringTls {
  /**
   * As much as the JVM's engine takes in one handshake message (jdk.tls.maxHandshakeMessageSize).
   */
  private static final int CHAIN_BYTES = 32 << 10;

  private BoringTls() {}

  /**
   * Tickets are off, as the JVM's are ({@code jdk.tls.server.enableSessionTicketExtension}), so
   * only sessions of TLS 1.2 are resumed, from a cache of bounded size. The handshake runs on the
   * event loop: one takes less than a thread's wake-up would.
   */
  static SslContext context(TlsIdentity identity, NativeKeys keys, ClientAuth clientAuth)
      throws SSLException {
    return SslContextBuilder.forServer(new OpenSslCachingX509KeyManagerFactory(keys.factory()))
        .sslProvider(SslProvider.OPENSSL_REFCNT)
        .trustManager(identity.deviceTrust())
        .clientAuth(clientAuth)
        .protocols(identity.protocols())
        .ciphers(identity.cipherSuites(), SupportedCipherSuiteFilter.INSTANCE)
        .sessionCacheSize(ServerTls.SESSIONS)
        .option(OpenSslContextOption.USE_TASKS, false)
        .option(OpenSslContextOption.MAX_CERTIFICATE_LIST_BYTES, CHAIN_BYTES)
        .build();
  }
}
