package dev.gatehouse.audit;

import dev.gatehouse.api.home.GatewayHome;
import java.nio.file.Path;

/** {@link AuditConfig}, validated. */
record AuditSettings(Path directory, long fileBytes, int files) {

  static AuditSettings of(AuditConfig config, GatewayHome home) {
    return new AuditSettings(
        home.resolve(config.directory()),
        within("fileKilobytes", config.fileKilobytes(), 64, 65_536) * 1024L,
        within("files", config.files(), 2, 1000));
  }

  private static int within(String name, int value, int lowest, int highest) {
    if (value < lowest || value > highest) {
      throw new IllegalArgumentException(
          "dev.gatehouse.audit: %s is %d, not %d to %d".formatted(name, value, lowest, highest));
    }
    return value;
  }
}
