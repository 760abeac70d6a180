package dev.gatehouse.api.identity;

import java.util.List;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The gateway's own keys and whom it lets finish a handshake. Both objects follow renewals and
 * registrations by themselves: an edge builds its TLS context once.
 */
@ProviderType
public interface TlsIdentity {

  /** The server's certificates, ECDSA and RSA; picks by what the client can verify. */
  X509ExtendedKeyManager serverKeys();

  /**
   * Passes a chain if the leaf is registered or signed by a registered CA. Whether it is active is
   * the {@link Authenticator}'s to say.
   */
  X509ExtendedTrustManager deviceTrust();

  /** The protocol versions to offer, such as {@code TLSv1.3}. */
  List<String> protocols();

  /** The cipher suites to offer, best first. */
  List<String> cipherSuites();
}
