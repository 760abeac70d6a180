package dev.gatehouse.api.home;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The directory that holds all state of this gateway: {@code --home} of the launcher. A bundle
 * keeps its files below it, in a directory whose setting has a relative path as its default.
 */
@ProviderType
public interface GatewayHome {

  /** The absolute path of the home. */
  Path path();

  /**
   * Gives the path that a setting means. Creates nothing.
   *
   * @param setting a path; a relative one is below the home, {@code .} is the home itself
   * @return absolute and without {@code .} and {@code ..}
   * @throws IllegalArgumentException if the setting is blank or not a path
   */
  default Path resolve(String setting) {
    if (setting.isBlank()) {
      throw new IllegalArgumentException(
          "the path of a directory or file is blank; it must be absolute or relative to " + path());
    }
    try {
      return path().resolve(setting.trim()).normalize();
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(
          "'" + setting + "' is not a path; it must be absolute or relative to " + path(), e);
    }
  }
}
