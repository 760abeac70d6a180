package dev.gatehouse.edge;

import dev.gatehouse.api.identity.TlsIdentity;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.util.ReferenceCountUtil;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS engines of a listener. BoringSSL, where the bundle with its native code is installed and
 * fits the processor, serves the clients that take a P-256 certificate and a current suite. The
 * JVM's own engine (JSSE) serves all others, so that every suite and certificate of {@link
 * TlsIdentity} stays available.
 */
public final class ServerTls implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);

  /** Sessions that a client may resume; each takes memory until it is replaced. */
  static final int SESSIONS = 1_024;

  private final SslContext java;
  private final @Nullable SslContext boring;
  private final JavaOnlyClients javaOnly = new JavaOnlyClients(System::nanoTime);

  private ServerTls(SslContext java, @Nullable SslContext boring) {
    this.java = java;
    this.boring = boring;
  }

  /** Engines that serve the keys of an identity and ask it about the clients' certificates. */
  public static ServerTls open(TlsIdentity identity, ClientAuth clientAuth) throws SSLException {
    return new ServerTls(context(identity, clientAuth), boring(identity, clientAuth));
  }

  /** The JVM's engine for all clients. */
  static ServerTls java(TlsIdentity identity, ClientAuth clientAuth) throws SSLException {
    return new ServerTls(context(identity, clientAuth), null);
  }

  /**
   * The JVM's own engine. Netty's builder is passed by: the class behind it handshakes with itself
   * when it is loaded, a quarter of a second of each start, to learn whether trust managers can be
   * wrapped, and none is here.
   */
  public static SslContext context(TlsIdentity identity, ClientAuth clientAuth)
      throws SSLException {
    try {
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(
          new KeyManager[] {identity.serverKeys()},
          new TrustManager[] {identity.deviceTrust()},
          null);
      tls.getServerSessionContext().setSessionCacheSize(SESSIONS);
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

  private static @Nullable SslContext boring(TlsIdentity identity, ClientAuth clientAuth)
      throws SSLException {
    NativeKeys keys = new NativeKeys(identity.serverKeys());
    if (!nativeAvailable() || keys.alias() == null) {
      return null;
    }
    return BoringTls.context(identity, keys, clientAuth);
  }

  private static boolean nativeAvailable() {
    try {
      Throwable reason = OpenSsl.isAvailable() ? null : OpenSsl.unavailabilityCause();
      LOG.info(
          "event=tls-engine native={} reason=\"{}\"",
          reason == null,
          reason == null ? OpenSsl.versionString() : reason.toString());
      return reason == null;
    } catch (LinkageError e) {
      LOG.info("event=tls-engine native=false reason=\"{}\"", e.toString());
      return false;
    }
  }

  /** Whether this client is to be served by the native engine. */
  boolean isNative(ClientHello hello, JavaOnlyClients.Client client) {
    return boring != null && hello.takesP256() && !javaOnly.contains(client);
  }

  /** Notes how a handshake went, for the choice of the engine the next time. */
  void over(SslHandler handler, boolean natively, JavaOnlyClients.Client client) {
    Throwable failure = handler.handshakeFuture().cause();
    if (boring == null || failure instanceof SslHandshakeTimeoutException) {
      return;
    }
    if (natively) {
      if (failure != null) {
        javaOnly.failed(client);
      }
    } else if (failure != null) {
      javaOnly.forget(client);
    } else {
      certificate(handler).ifPresent(leaf -> javaOnly.served(client, leaf));
    }
  }

  private static Optional<X509Certificate> certificate(SslHandler handler) {
    try {
      return handler.engine().getSession().getPeerCertificates()[0] instanceof X509Certificate leaf
          ? Optional.of(leaf)
          : Optional.empty();
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty(); // it need not have one
    }
  }

  /** A handler for one connection. */
  SslHandler handler(boolean natively, ByteBufAllocator alloc) {
    return natively && boring != null ? boring.newHandler(alloc) : java.newHandler(alloc);
  }

  /** Gives native memory back once the last connection has ended. */
  @Override
  public void close() {
    ReferenceCountUtil.release(boring);
  }
}
