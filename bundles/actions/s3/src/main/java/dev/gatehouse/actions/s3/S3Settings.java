package dev.gatehouse.actions.s3;

import dev.gatehouse.api.home.GatewayHome;
import java.nio.file.Path;

/** {@link S3Config}, validated. */
record S3Settings(Path directory) {

  static S3Settings of(S3Config config, GatewayHome home) {
    return new S3Settings(home.resolve(config.directory()));
  }
}
