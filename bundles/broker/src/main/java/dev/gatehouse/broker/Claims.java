package dev.gatehouse.broker;

import dev.gatehouse.api.message.TopicClaim;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.message.TopicName;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The owners of reserved topics. */
final class Claims {
  private static final Logger LOG = LoggerFactory.getLogger(Claims.class);

  private final Executor workers;
  private final BrokerCounters counters;
  private volatile Map<TopicFilter, Owner> owners = Map.of(); // replaced, never changed

  private record Owner(TopicClaim claim, MailboxRunner mailbox) {}

  Claims(Executor workers, BrokerCounters counters) {
    this.workers = workers;
    this.counters = counters;
  }

  synchronized void add(TopicClaim claim) {
    MailboxRunner mailbox = new MailboxRunner(claim.mailbox(), claim, workers, counters);
    Map<TopicFilter, Owner> next = new HashMap<>(owners);
    for (TopicFilter filter : claim.filters()) {
      Owner first = next.putIfAbsent(filter, new Owner(claim, mailbox));
      if (first != null) {
        LOG.error(
            "event=topic-claimed-twice filter={} kept={} leftOut={}",
            filter,
            first.claim().mailbox().name(),
            claim.mailbox().name());
      }
    }
    owners = Map.copyOf(next);
  }

  void remove(TopicClaim claim) {
    @Nullable MailboxRunner mailbox = null;
    synchronized (this) {
      Map<TopicFilter, Owner> next = new HashMap<>();
      for (Map.Entry<TopicFilter, Owner> entry : owners.entrySet()) {
        if (entry.getValue().claim() == claim) {
          mailbox = entry.getValue().mailbox();
        } else {
          next.put(entry.getKey(), entry.getValue());
        }
      }
      owners = Map.copyOf(next);
    }
    if (mailbox != null) {
      mailbox.close();
    }
  }

  /** The mailbox of the owner of a topic, or null if nobody owns it. */
  @Nullable MailboxRunner owner(TopicName topic) {
    for (Map.Entry<TopicFilter, Owner> entry : owners.entrySet()) {
      if (entry.getKey().matches(topic)) {
        return entry.getValue().mailbox();
      }
    }
    return null;
  }
}
