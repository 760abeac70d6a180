package dev.gatehouse.api.identity;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** Turns proof of who is calling into a principal. Safe on event loops: neither method blocks. */
@ProviderType
public interface Authenticator {

  /**
   * Checks a certificate against the registry. Ask after <em>every</em> handshake: a resumed TLS
   * session skips the trust manager.
   *
   * @param chain the peer's chain, leaf first, possession already proven by the handshake
   * @return completes with the answer; exceptionally never
   */
  CompletionStage<Authentication> certificate(List<X509Certificate> chain);

  /** A client of the plaintext listener, which is bound to loopback. */
  Authentication anonymous();
}
