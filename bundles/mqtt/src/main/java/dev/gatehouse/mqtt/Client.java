package dev.gatehouse.mqtt;

import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.message.Origin;
import dev.gatehouse.api.session.Session;
import java.util.Objects;

/**
 * A client that is in.
 *
 * @param origin of what it publishes
 * @param told the limits that its CONNACK told, which hold for it as long as it is connected
 */
record Client(
    Origin origin, ConnectionRights rights, Outbound outbound, Session session, MqttLimits told) {

  Principal principal() {
    return origin.principal();
  }

  String clientId() {
    return Objects.requireNonNull(origin.clientId());
  }
}
