package dev.gatehouse.api.rules.action;

import java.util.Map;
import java.util.Optional;

/**
 * An action's settings: leaves of its JSON object as text, nested names joined by dots.
 *
 * @param values in no particular order
 */
public record ActionSettings(Map<String, String> values) {

  /** Copies the map. */
  public ActionSettings {
    values = Map.copyOf(values);
  }

  /** A setting, if given. */
  public Optional<String> get(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /**
   * A setting that the type requires.
   *
   * @throws IllegalStateException if it is absent, which the engine prevents
   */
  public String require(String name) {
    return get(name).orElseThrow(() -> new IllegalStateException("setting " + name + " is absent"));
  }
}
