package dev.gatehouse.mqtt;

import dev.gatehouse.api.identity.Authenticator;
import dev.gatehouse.api.identity.Authorizer;
import dev.gatehouse.api.memory.MemoryShare;
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
    EdgeMemory memory,
    Clock clock) {

  /** Whether what waits for the broker's answer takes as much memory as it may. */
  boolean inboundFull() {
    MemoryShare inbound = memory.inbound;
    return inbound.usedBytes() > Math.min(inbound.limitBytes(), limits.get().unansweredBytes());
  }
}
