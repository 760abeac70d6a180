package dev.gatehouse.identity;

import dev.gatehouse.api.home.GatewayHome;
import dev.gatehouse.api.identity.Account;
import java.nio.file.Path;

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

  static IdentitySettings of(IdentityConfig config, GatewayHome home) {
    return new IdentitySettings(
        home.resolve(config.directory()),
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
