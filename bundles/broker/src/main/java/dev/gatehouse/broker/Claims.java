package dev.gatehouse.broker;

import dev.gatehouse.api.message.TopicClaim;
import dev.gatehouse.api.message.TopicFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who owns which reserved topics, in all accounts. Of two claims of a filter the first stands. */
final class Claims {
  private static final Logger LOG = LoggerFactory.getLogger(Claims.class);

  private final TopicTrie trie;
  private final Executor pool;
  private final Counters counters;
  private final BrokerMemory memory;
  // guarded by this; a filter's first claim stands, the others wait for it to go
  private final Map<TopicFilter, List<MailboxSubscriber>> byFilter = new HashMap<>();
  private final Map<TopicClaim, MailboxSubscriber> claims = new LinkedHashMap<>();

  Claims(Executor pool, Counters counters, BrokerMemory memory) {
    this.trie = new TopicTrie(true, memory.sessions);
    this.memory = memory;
    this.pool = pool;
    this.counters = counters;
  }

  Subscriber[] match(String topic) {
    return trie.match(topic);
  }

  synchronized List<MailboxSubscriber> mailboxes() {
    return List.copyOf(claims.values());
  }

  synchronized void add(TopicClaim claim) {
    MailboxSubscriber owner =
        new MailboxSubscriber(claim.mailbox(), claim, pool, counters, memory.mailboxes);
    claims.put(claim, owner);
    Set<TopicFilter> filters = new LinkedHashSet<>(claim.filters());
    for (TopicFilter filter : filters) {
      List<MailboxSubscriber> owners =
          byFilter.computeIfAbsent(filter, missing -> new ArrayList<>(1));
      owners.add(owner);
      if (owners.size() == 1) {
        trie.add(filter, owner);
      } else {
        LOG.error(
            "event=claim-conflict filter=\"{}\" stays={} left_out={}",
            filter,
            owners.get(0).mailbox().name(),
            owner.mailbox().name());
      }
    }
    LOG.info("event=topics-claimed mailbox={} filters={}", owner.mailbox().name(), filters.size());
  }

  void remove(TopicClaim claim) {
    MailboxSubscriber owner = release(claim);
    if (owner != null) {
      owner.close(); // may wait for the handler: not under the lock
    }
  }

  private synchronized @Nullable MailboxSubscriber release(TopicClaim claim) {
    MailboxSubscriber owner = claims.remove(claim);
    if (owner == null) {
      return null;
    }
    byFilter.forEach(
        (filter, owners) -> {
          boolean stood = owners.get(0) == owner;
          owners.remove(owner);
          if (stood) {
            if (!owners.isEmpty()) {
              trie.add(filter, owners.get(0));
            }
            trie.remove(filter, owner);
          }
        });
    byFilter.values().removeIf(List::isEmpty);
    return owner;
  }
}
