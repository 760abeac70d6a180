package dev.gatehouse.edge;

import java.net.InetAddress;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Clients whose own certificate the native engine cannot verify: it knows signatures by P-256,
 * P-384 and RSA keys, not by P-521 and RSASSA-PSS keys. A ClientHello does not tell. So after a
 * handshake that failed, the JVM's engine gets the next one of the same kind of client from the
 * same address, and keeps it for an hour if the certificate turns out to be such a one.
 * Thread-safe.
 */
final class JavaOnlyClients {
  private static final long KEPT_NANOS = TimeUnit.HOURS.toNanos(1);
  private static final int MOST = 1_024; // the oldest goes first

  private final LongSupplier nanoTime;
  private final Map<Client, Long> until = // guarded by this
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Client, Long> eldest) {
          return size() > MOST;
        }
      };

  JavaOnlyClients(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * A kind of client at an address.
   *
   * @param hello hash of what it offers
   */
  record Client(InetAddress address, int hello) {}

  /** Whether the JVM's engine is to serve it. */
  synchronized boolean contains(Client client) {
    Long end = until.get(client);
    if (end == null) {
      return false;
    }
    if (end - nanoTime.getAsLong() <= 0) {
      until.remove(client);
      return false;
    }
    return true;
  }

  /** The native engine could not agree with it. */
  synchronized void failed(Client client) {
    until.put(client, nanoTime.getAsLong() + KEPT_NANOS);
  }

  /** The JVM's engine has refused it, too. */
  synchronized void forget(Client client) {
    until.remove(client);
  }

  /** The JVM's engine has served it. */
  void served(Client client, X509Certificate certificate) {
    if (nativeVerifies(certificate.getPublicKey())) {
      forget(client); // another device of its kind had failed
    } else {
      failed(client);
    }
  }

  static boolean nativeVerifies(PublicKey key) {
    if (key instanceof ECKey ec) {
      return ec.getParams().getOrder().bitLength() <= 384;
    }
    return key instanceof RSAKey && key.getAlgorithm().equals("RSA");
  }
}
