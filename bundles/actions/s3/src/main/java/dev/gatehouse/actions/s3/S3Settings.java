package dev.gatehouse.actions.s3;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** {@link S3Config}, validated. */
record S3Settings(Path directory) {

  static S3Settings of(S3Config config) {
    @Nullable String directory = config.directory();
    if (directory == null || directory.isBlank()) {
      throw new IllegalArgumentException("dev.gatehouse.actions.s3: directory is not set");
    }
    return new S3Settings(Path.of(directory).toAbsolutePath().normalize());
  }
}
