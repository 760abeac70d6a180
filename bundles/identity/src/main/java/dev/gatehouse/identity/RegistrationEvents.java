package dev.gatehouse.identity;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.MessageBus;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.identity.Certificates.Pending;
import dev.gatehouse.json.Json;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells that a certificate waits for activation (guide: Just-in-Time Registration): when it was
 * registered, and when it connects again, at most once a minute. Thread-safe.
 */
final class RegistrationEvents {
  private static final Logger LOG = LoggerFactory.getLogger(RegistrationEvents.class);
  private static final long AGAIN_MILLIS = 60_000;
  private static final int REMEMBERED = 1_024;

  private final Supplier<@Nullable MessageBus> bus;
  private final Clock clock;
  private final RegistrationLimit limit;
  private final Map<String, Long> told = // by certificate id; guarded by this
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > REMEMBERED;
        }
      };

  RegistrationEvents(Supplier<@Nullable MessageBus> bus, Clock clock) {
    this.bus = bus;
    this.clock = clock;
    this.limit = new RegistrationLimit(clock);
  }

  /** A certificate was registered. */
  void registered(Account account, String id, Pending pending) {
    remember(id);
    publish(account, id, pending);
  }

  /** One that still waits has connected. */
  void connected(Account account, String id, Pending pending) {
    if (remember(id) && limit.take(account)) {
      publish(account, id, pending);
    }
  }

  /** True if it is to be told now. */
  private synchronized boolean remember(String id) {
    long now = clock.millis();
    Long last = told.get(id);
    if (last != null && now >= last && now - last < AGAIN_MILLIS) {
      return false;
    }
    told.remove(id);
    told.put(id, now);
    return true;
  }

  private void publish(Account account, String id, Pending pending) {
    MessageBus present = bus.get();
    if (present == null) {
      LOG.warn("event=registration-not-told certificate={} reason=\"there is no broker\"", id);
      return;
    }
    long now = clock.millis();
    byte[] document =
        Json.bytes(
            Json.object()
                .put("certificateId", id)
                .put("caCertificateId", pending.caId())
                .put("timestamp", now)
                .put("certificateStatus", "PENDING_ACTIVATION")
                .put("awsAccountId", account.id())
                .put("certificateRegistrationTimestamp", Long.toString(pending.createdMillis())));
    TopicName topic = new TopicName("$aws/events/certificates/registered/" + pending.caId());
    present.publish(
        Message.internal(account, "identity", topic, Payload.of(document), now)
            .withQos(QoS.AT_LEAST_ONCE));
  }
}
