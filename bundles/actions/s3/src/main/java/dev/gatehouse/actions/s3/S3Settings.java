package dev.gatehouse.actions.s3;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** {@link S3Config}, validated. */
record S3Settings(Path directory, int queue) {

  static S3Settings of(S3Config config) {
    @Nullable String directory = config.directory();
    if (directory == null || directory.isBlank()) {
      throw new IllegalArgumentException("dev.gatehouse.actions.s3: directory is not set");
    }
    int queue = config.queue();
    if (queue < 1 || queue > 10_000) {
      throw new IllegalArgumentException(
          "dev.gatehouse.actions.s3: queue is " + queue + ", not 1 to 10000");
    }
    return new S3Settings(Path.of(directory).toAbsolutePath().normalize(), queue);
  }
}
