package dev.gatehouse.iam;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** {@link IamConfig}, validated. */
record IamSettings(Path directory, boolean makeMissingRoles) {

  static IamSettings of(IamConfig config) {
    @Nullable String directory = config.directory();
    if (directory == null || directory.isBlank()) {
      throw new IllegalArgumentException("dev.gatehouse.iam: directory is not set");
    }
    return new IamSettings(Path.of(directory), config.makeMissingRoles());
  }
}
