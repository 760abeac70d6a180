package dev.gatehouse.mqtt;

import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.session.Session;

/**
 * A client that is in.
 *
 * @param bridge whether it is a bridge of another broker: its subscriptions are no-local and retain
 *     as published, for which MQTT 3.1.1 has no options
 * @param told the limits that its CONNACK told, which hold for it as long as it is connected
 * @param topicAliases that it may use, as its CONNACK told
 */
record Client(
    Principal principal,
    String clientId,
    Outbound outbound,
    Session session,
    boolean bridge,
    MqttLimits told,
    int topicAliases) {

  ConnectionRights rights() {
    return outbound.rights();
  }
}
