package dev.gatehouse.edge;

import io.netty.handler.ssl.util.SimpleKeyManagerFactory;
import java.net.Socket;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The server's P-256 certificate for the native engine. An alias names one certificate by its
 * serial number: the native engine keeps what it has parsed by alias, and a renewed certificate
 * must not be hidden by its predecessor.
 */
final class NativeKeys extends X509ExtendedKeyManager {
  private static final String EC = "EC";

  private final X509ExtendedKeyManager keys;

  NativeKeys(X509ExtendedKeyManager keys) {
    this.keys = keys;
  }

  /** A factory of this one key manager, which is the form that Netty takes. */
  KeyManagerFactory factory() {
    return new SimpleKeyManagerFactory() {
      @Override
      protected void engineInit(KeyStore keyStore, char[] password) {}

      @Override
      protected void engineInit(ManagerFactoryParameters parameters) {}

      @Override
      protected KeyManager[] engineGetKeyManagers() {
        return new KeyManager[] {NativeKeys.this};
      }
    };
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      @Nullable String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return EC.equals(keyType) ? alias() : null;
  }

  /** The alias of the present certificate; null if there is none. */
  @Nullable String alias() {
    X509Certificate[] chain = keys.getCertificateChain(EC);
    return chain == null ? null : chain[0].getSerialNumber().toString(16);
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
    return keys.getCertificateChain(EC);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
    return keys.getPrivateKey(EC);
  }

  @Override
  public @Nullable String chooseServerAlias(
      @Nullable String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }

  @Override
  public String @Nullable [] getServerAliases(
      @Nullable String keyType, Principal @Nullable [] issuers) {
    return null;
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
