package dev.gatehouse.functions.machinelearning;

import dev.gatehouse.api.home.GatewayHome;
import java.nio.file.Path;

/**
 * {@link ModelsConfig}, validated.
 *
 * @param models kept in memory, 1 to 1000
 */
record ModelsSettings(Path directory, int models) {

  ModelsSettings {
    if (models < 1 || models > 1_000) {
      throw new IllegalArgumentException(
          "dev.gatehouse.functions.machinelearning: models is " + models + ", not 1 to 1000");
    }
  }

  static ModelsSettings of(ModelsConfig config, GatewayHome home) {
    return new ModelsSettings(home.resolve(config.directory()), config.models());
  }
}
