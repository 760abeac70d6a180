package dev.gatehouse.api.registry;

import java.util.Map;
import java.util.Optional;

/**
 * A thing as the registry knows it.
 *
 * @param thingId never changes, never used again
 * @param version grows by one with each update, from 1
 */
public record Thing(
    String name,
    String thingId,
    Optional<String> typeName,
    Map<String, String> attributes,
    long version) {

  /** Copies the attributes. */
  public Thing {
    attributes = Map.copyOf(attributes);
  }
}
