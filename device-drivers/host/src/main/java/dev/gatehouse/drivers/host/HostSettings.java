package dev.gatehouse.drivers.host;

import java.nio.file.Path;

/** {@link HostConfig}, validated. */
record HostSettings(Path diskPath) {

  static HostSettings of(HostConfig config) {
    Path path = Path.of(config.diskPath());
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException(
          "dev.gatehouse.drivers.host: diskPath '" + path + "' is not absolute");
    }
    return new HostSettings(path);
  }
}
