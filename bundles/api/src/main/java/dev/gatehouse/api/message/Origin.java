package dev.gatehouse.api.message;

import dev.gatehouse.api.identity.Principal;
import org.jspecify.annotations.Nullable;

/**
 * Where a message came from.
 *
 * @param principal already authorised to publish it
 * @param clientId of the MQTT client, null if it did not come over MQTT
 * @param sourceIp textual address of the peer, null if it came from inside
 */
public record Origin(Principal principal, @Nullable String clientId, @Nullable String sourceIp) {

  /** A part of the gateway itself. */
  public static Origin of(Principal.Component component) {
    return new Origin(component, null, null);
  }

  /** True if a part of the gateway published it, which reserved topics let pass. */
  public boolean internal() {
    return principal instanceof Principal.Component;
  }
}
