package dev.gatehouse.identity;

import dev.gatehouse.api.identity.Account;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** {@link IdentityConfig}, validated. */
record IdentitySettings(
    Path directory,
    Account account,
    String anonymousPolicy,
    CipherSuites cipherSuites,
    boolean allowUnknownConditionKeys) {

  IdentitySettings(
      Path directory, Account account, String anonymousPolicy, CipherSuites cipherSuites) {
    this(directory, account, anonymousPolicy, cipherSuites, false);
  }

  static IdentitySettings of(IdentityConfig config) {
    @Nullable String directory = config.directory();
    if (directory == null || directory.isBlank()) {
      throw new IllegalArgumentException("dev.gatehouse.identity: directory is not set");
    }
    return new IdentitySettings(
        Path.of(directory),
        new Account(config.accountId(), config.region()),
        config.anonymousPolicy().trim(),
        CipherSuites.named(config.cipherSuites().trim()),
        allows(config.unknownConditionKeys().trim()));
  }

  private static boolean allows(String choice) {
    return switch (choice) {
      case "refuse" -> false;
      case "allow" -> true;
      default ->
          throw new IllegalArgumentException(
              "dev.gatehouse.identity: unknownConditionKeys is '"
                  + choice
                  + "'; refuse and allow are known");
    };
  }
}
