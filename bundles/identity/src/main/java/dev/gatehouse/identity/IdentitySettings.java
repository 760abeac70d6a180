package dev.gatehouse.identity;

import dev.gatehouse.api.identity.Account;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** {@link IdentityConfig}, validated. */
record IdentitySettings(
    Path directory, Account account, String anonymousPolicy, CipherSuites cipherSuites) {

  static IdentitySettings of(IdentityConfig config) {
    @Nullable String directory = config.directory();
    if (directory == null || directory.isBlank()) {
      throw new IllegalArgumentException("dev.gatehouse.identity: directory is not set");
    }
    return new IdentitySettings(
        Path.of(directory),
        new Account(config.accountId(), config.region()),
        config.anonymousPolicy().trim(),
        CipherSuites.named(config.cipherSuites().trim()));
  }
}
