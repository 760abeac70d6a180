package dev.gatehouse.identity;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The cipher suites that are offered, best first. */
enum CipherSuites {
  /** With forward secrecy and authenticated encryption. */
  MODERN(List.of()),
  /** Those of the guide (Transport Security), too: CBC, and RSA without forward secrecy. */
  GUIDE(
      List.of(
          "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
          "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
          "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
          "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
          "TLS_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_RSA_WITH_AES_128_CBC_SHA256",
          "TLS_RSA_WITH_AES_128_CBC_SHA",
          "TLS_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_RSA_WITH_AES_256_CBC_SHA256",
          "TLS_RSA_WITH_AES_256_CBC_SHA"));

  private static final Logger LOG = LoggerFactory.getLogger(CipherSuites.class);
  private static final List<String> ALWAYS =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");

  private final List<String> further;

  CipherSuites(List<String> further) {
    this.further = further;
  }

  static CipherSuites named(String name) {
    for (CipherSuites suites : values()) {
      if (suites.name().equalsIgnoreCase(name)) {
        return suites;
      }
    }
    throw new IllegalArgumentException(
        "dev.gatehouse.identity: cipherSuites '" + name + "' is neither modern nor guide");
  }

  List<String> all() {
    List<String> all = new ArrayList<>(ALWAYS);
    all.addAll(further);
    return all;
  }

  /** Those that this JVM has; what it lacks is logged. */
  List<String> offered() throws GeneralSecurityException {
    // not the JVM's default context, which reads all of its root certificates
    SSLContext jvm = SSLContext.getInstance("TLS");
    jvm.init(new KeyManager[0], new TrustManager[0], null);
    Set<String> known = Set.of(jvm.getSupportedSSLParameters().getCipherSuites());
    List<String> offered = all().stream().filter(known::contains).toList();
    List<String> missing = all().stream().filter(suite -> !known.contains(suite)).toList();
    if (missing.isEmpty()) {
      LOG.info("event=tls-suites selection={} offered={}", this, offered.size());
    } else {
      LOG.warn(
          "event=tls-suites selection={} offered={} missing={}", this, offered.size(), missing);
    }
    return offered;
  }
}
