package dev.gatehouse.mqtt;

import dev.gatehouse.api.identity.Authenticator;
import dev.gatehouse.api.identity.Authorizer;
import dev.gatehouse.api.session.Sessions;
import java.time.Clock;

/** What every connection works with. */
record EdgeServices(
    Sessions sessions,
    Authenticator authenticator,
    Authorizer authorizer,
    MqttSettings settings,
    MqttCounters counters,
    Clock clock) {}
