package dev.gatehouse.shell;

import dev.gatehouse.api.home.GatewayHome;
import java.nio.file.Path;

/** {@link ConsoleConfig}, validated. */
record ConsoleSettings(Path keyFile, Path authorizedKeys) {

  static ConsoleSettings of(ConsoleConfig config, GatewayHome home) {
    return new ConsoleSettings(
        home.resolve(config.keyFile()), home.resolve(config.authorizedKeys()));
  }
}
