package dev.gatehouse.mqtt;

import dev.gatehouse.api.identity.Authenticator;
import dev.gatehouse.api.identity.Authorizer;
import dev.gatehouse.api.session.Sessions;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What every connection works with.
 *
 * @param invalidations how often a principal was invalidated: what was found out before the last
 *     one may no longer hold
 */
record EdgeServices(
    Sessions sessions,
    Authenticator authenticator,
    Authorizer authorizer,
    MqttSettings settings,
    MqttCounters counters,
    AtomicLong invalidations,
    Clock clock) {}
