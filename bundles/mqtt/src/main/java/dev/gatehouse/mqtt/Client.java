package dev.gatehouse.mqtt;

import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.session.Session;

/**
 * A client that is in.
 *
 * @param told the limits that its CONNACK told, which hold for it as long as it is connected
 */
record Client(
    Principal principal, String clientId, Outbound outbound, Session session, MqttLimits told) {

  ConnectionRights rights() {
    return outbound.rights();
  }
}
