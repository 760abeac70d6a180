package dev.gatehouse.identity;

import dev.gatehouse.identity.Authority.ServerKey;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Serves the certificates that the authority has at the moment, by the kind of key asked for. */
final class ServerKeyManager extends X509ExtendedKeyManager {
  private final Authority authority;

  ServerKeyManager(Authority authority) {
    this.authority = authority;
  }

  private @Nullable ServerKey find(@Nullable String algorithm) {
    for (ServerKey key : authority.serverKeys()) {
      if (key.algorithm().equals(algorithm)) {
        return key;
      }
    }
    return null;
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      @Nullable String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return find(keyType) == null ? null : keyType;
  }

  @Override
  public @Nullable String chooseServerAlias(
      @Nullable String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return find(keyType) == null ? null : keyType;
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
    ServerKey key = find(alias);
    return key == null ? null : new X509Certificate[] {key.certificate(), authority.certificate()};
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
