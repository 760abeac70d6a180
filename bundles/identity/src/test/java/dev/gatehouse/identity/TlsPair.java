package dev.gatehouse.identity;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Handshakes between two engines of JSSE, in memory. */
final class TlsPair {
  private static final int BUFFER = 3 << 20;

  private TlsPair() {}

  static SSLContext serverContext(Booted booted) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        new KeyManager[] {booted.identity.serverKeys()},
        new TrustManager[] {booted.identity.deviceTrust()},
        null);
    return context;
  }

  static SSLEngine server(SSLContext context) {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    engine.setNeedClientAuth(true);
    return engine;
  }

  static SSLContext clientContext(Path directory, PrivateKey key, X509Certificate... chain)
      throws Exception {
    KeyStore keys = KeyStore.getInstance("JKS"); // takes a chain that is none, too
    keys.load(null, null);
    keys.setKeyEntry("device", key, new char[0], chain);
    KeyManagerFactory keyManagers = KeyManagerFactory.getInstance("SunX509");
    keyManagers.init(keys, new char[0]);
    KeyStore roots = KeyStore.getInstance("PKCS12");
    roots.load(null, null);
    roots.setCertificateEntry(
        "ca", Pem.certificate(Files.readString(directory.resolve("pki/ca.pem"))));
    TrustManagerFactory trustManagers = TrustManagerFactory.getInstance("PKIX");
    trustManagers.init(roots);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
    return context;
  }

  static SSLEngine client(SSLContext context) {
    SSLEngine engine = context.createSSLEngine("localhost", 8883);
    engine.setUseClientMode(true);
    var parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS"); // as SDKs do: checks the names
    engine.setSSLParameters(parameters);
    return engine;
  }

  static void shake(SSLEngine client, SSLEngine server) throws SSLException {
    ByteBuffer toServer = ByteBuffer.allocate(BUFFER);
    ByteBuffer toClient = ByteBuffer.allocate(BUFFER);
    client.beginHandshake();
    server.beginHandshake();
    for (int i = 0; i < 100; i++) {
      step(client, toClient, toServer);
      step(server, toServer, toClient);
      if (client.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
          && server.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING) {
        speak(server, client, toClient); // brings the ticket of TLS 1.3, too
        return;
      }
    }
    throw new AssertionError(
        "stuck: " + client.getHandshakeStatus() + ", " + server.getHandshakeStatus());
  }

  private static void speak(SSLEngine from, SSLEngine to, ByteBuffer wire) throws SSLException {
    from.wrap(ByteBuffer.wrap(new byte[] {'x'}), wire);
    ByteBuffer plain = ByteBuffer.allocate(BUFFER);
    wire.flip();
    while (wire.hasRemaining() && plain.position() == 0) {
      to.unwrap(wire, plain);
      while (to.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
        to.getDelegatedTask().run();
      }
    }
    wire.compact();
    if (plain.position() != 1) {
      throw new AssertionError("nothing came through");
    }
  }

  private static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
    ByteBuffer plain = ByteBuffer.allocate(64 * 1024);
    while (true) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> engine.getDelegatedTask().run();
        case NEED_WRAP -> engine.wrap(ByteBuffer.allocate(0), out);
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          in.flip();
          int before = in.remaining();
          engine.unwrap(in, plain);
          boolean stuck = in.remaining() == before;
          in.compact();
          if (stuck && engine.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP) {
            return;
          }
        }
        default -> {
          return;
        }
      }
    }
  }

  /** What the server knows of its peer after a handshake. */
  static List<X509Certificate> peer(SSLEngine server) throws SSLException {
    List<X509Certificate> chain = new ArrayList<>();
    for (Certificate certificate : server.getSession().getPeerCertificates()) {
      chain.add((X509Certificate) certificate);
    }
    return chain;
  }
}
