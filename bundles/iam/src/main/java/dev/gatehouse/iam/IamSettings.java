package dev.gatehouse.iam;

import dev.gatehouse.api.home.GatewayHome;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** {@link IamConfig}, validated. */
record IamSettings(Path directory, boolean makeMissingRoles, Map<String, String> openIdIssuers) {

  static IamSettings of(IamConfig config, GatewayHome home) {
    return new IamSettings(
        home.resolve(config.directory()),
        config.makeMissingRoles(),
        issuers(config.openIdIssuers()));
  }

  private static Map<String, String> issuers(String text) {
    Map<String, String> issuers = new HashMap<>();
    for (String entry : text.split(",")) {
      String[] parts = entry.trim().split("\\s+");
      boolean wellFormed =
          parts.length == 2 && (parts[1].startsWith("/") || parts[1].startsWith("https://"));
      if (wellFormed) {
        issuers.put(parts[0].replaceFirst("^https://", ""), parts[1]);
      } else if (!entry.isBlank()) {
        throw new IllegalArgumentException(
            "dev.gatehouse.iam: openIdIssuers has '"
                + entry.trim()
                + "', not an issuer and an absolute path or https:// URL of its key set");
      }
    }
    return issuers;
  }
}
