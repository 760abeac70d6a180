package dev.gatehouse.identity;

import dev.gatehouse.identity.Authority.ServerKey;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Serves the certificates that the authority has at the moment, by the kind of key asked for and
 * what can be verified.
 */
final class ServerKeyManager extends X509ExtendedKeyManager {
  private static final String RSA_ONLY = "RSA-only";

  private final Authority authority;

  ServerKeyManager(Authority authority) {
    this.authority = authority;
  }

  private @Nullable ServerKey find(@Nullable String alias) {
    if (RSA_ONLY.equals(alias)) {
      return authority.rsaOnly().orElse(null);
    }
    for (ServerKey key : authority.serverKeys()) {
      if (key.algorithm().equals(alias)) {
        return key;
      }
    }
    return null;
  }

  /**
   * The alias for a kind of key and a client.
   *
   * @param verified the algorithms of signatures that the client can verify; empty if it says none
   */
  @Nullable String alias(@Nullable String keyType, List<String> verified) {
    boolean ecdsa =
        verified.isEmpty()
            || verified.stream().anyMatch(name -> name.toUpperCase(Locale.ROOT).contains("ECDSA"));
    if ("RSA".equals(keyType) && !ecdsa && authority.rsaOnly().isPresent()) {
      return RSA_ONLY;
    }
    return find(keyType) == null ? null : keyType;
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      @Nullable String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return alias(keyType, engine == null ? List.of() : verified(engine.getHandshakeSession()));
  }

  private static List<String> verified(@Nullable SSLSession session) {
    return session instanceof ExtendedSSLSession extended
        ? List.of(extended.getPeerSupportedSignatureAlgorithms())
        : List.of();
  }

  @Override
  public @Nullable String chooseServerAlias(
      @Nullable String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return alias(
        keyType, socket instanceof SSLSocket tls ? verified(tls.getHandshakeSession()) : List.of());
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
    ServerKey key = find(alias);
    return key == null ? null : new X509Certificate[] {key.certificate(), key.issuer()};
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
    ServerKey key = find(alias);
    return key == null ? null : key.key();
  }

  @Override
  public String @Nullable [] getServerAliases(
      @Nullable String keyType, Principal @Nullable [] issuers) {
    return keyType == null || find(keyType) == null ? null : new String[] {keyType};
  }

  @Override
  public String @Nullable [] getClientAliases(
      @Nullable String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String @Nullable [] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }
}
