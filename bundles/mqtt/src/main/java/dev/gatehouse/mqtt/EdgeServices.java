package dev.gatehouse.mqtt;

import dev.gatehouse.api.identity.Authenticator;
import dev.gatehouse.api.identity.Authorizer;
import dev.gatehouse.api.session.Sessions;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * What every connection works with.
 *
 * @param limits in effect at the moment
 * @param invalidations how often a principal was invalidated: what was found out before the last
 *     one may no longer hold
 */
record EdgeServices(
    Sessions sessions,
    Authenticator authenticator,
    Authorizer authorizer,
    Supplier<MqttLimits> limits,
    MqttCounters counters,
    AtomicLong invalidations,
    KeepAlives keepAlives,
    Clock clock) {}
