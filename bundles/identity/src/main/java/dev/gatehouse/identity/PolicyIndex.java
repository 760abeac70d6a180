package dev.gatehouse.identity;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.api.store.Table;
import dev.gatehouse.api.telemetry.LogText;
import dev.gatehouse.identity.policy.MalformedPolicy;
import dev.gatehouse.identity.policy.Policy;
import dev.gatehouse.identity.policy.PolicyParser;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What deciding needs, in memory, where event loops look it up: each policy's default version,
 * compiled, and the names of the policies on each target. It follows the store after each commit by
 * reading the rows again, so that it ends up right in whatever order commits are told of.
 */
final class PolicyIndex {
  static final String POLICIES = "identity.policies";
  static final String BY_TARGET = "identity.policies-by-target";
  private static final Logger LOG = LoggerFactory.getLogger(PolicyIndex.class);
  private static final int PAGE = 500;
  private static final int ALL = 1000;

  private final Store store;
  private final AtomicLong revision = new AtomicLong();
  private final Map<String, Policy> policies = new ConcurrentHashMap<>(); // by account, name
  private final Map<String, List<String>> names = new ConcurrentHashMap<>(); // by account, target

  private final Set<String> groups = ConcurrentHashMap.newKeySet(); // those of names with policies

  PolicyIndex(Store store) {
    this.store = store;
    store
        .table(POLICIES)
        .forEach(PAGE, row -> remember(PolicyRecord.restored(row.key(), row.value())));
    store
        .table(BY_TARGET)
        .forEach(
            PAGE,
            row -> {
              String[] parts = Keys.parts(row.key());
              names.computeIfAbsent(parts[0] + "\0" + parts[1], key -> read(parts[0], parts[1]));
              group(parts[1], parts[0] + "\0" + parts[1], true);
            });
  }

  /** Grows whenever anybody's rights may have changed. */
  long revision() {
    return revision.get();
  }

  /** Something else changed that rights depend on. */
  void changed() {
    revision.incrementAndGet();
  }

  /** A policy's default version; empty if there is no such policy. */
  Optional<Policy> policy(Account account, String name) {
    return Optional.ofNullable(policies.get(account + "\0" + name));
  }

  /** The policies in effect on a target. */
  List<Policy> effective(Account account, String target) {
    return names.getOrDefault(account + "\0" + target, List.of()).stream()
        .map(name -> policies.get(account + "\0" + name))
        .filter(Objects::nonNull)
        .toList();
  }

  /** Reads a policy again. */
  void policyChanged(Account account, String name) {
    byte[] key = Keys.of(account, name);
    synchronized (this) {
      store
          .table(POLICIES)
          .get(key)
          .ifPresentOrElse(
              value -> remember(PolicyRecord.restored(key, value)),
              () -> policies.remove(account + "\0" + name));
    }
    changed();
  }

  /** Reads the names of a target's policies again. */
  void targetChanged(Account account, String target) {
    synchronized (this) {
      List<String> now = read(account.toString(), target);
      group(target, account + "\0" + target, !now.isEmpty());
      if (now.isEmpty()) {
        names.remove(account + "\0" + target);
      } else {
        names.put(account + "\0" + target, now);
      }
    }
    changed();
  }

  private void group(String target, String key, boolean has) {
    if (target.contains(":thinggroup/")) {
      if (has) {
        groups.add(key);
      } else {
        groups.remove(key);
      }
    }
  }

  /** Whether any thing group has a policy. */
  boolean onGroups() {
    return !groups.isEmpty();
  }

  /** Whether a thing group of an account has a policy. */
  boolean onGroups(Account account) {
    return groups.stream().anyMatch(key -> key.startsWith(account + "\0"));
  }

  private List<String> read(String account, String target) {
    byte[] prefix = Keys.of(Keys.account(account), target, "");
    return store
        .table(BY_TARGET)
        .range(prefix, Keys.end(prefix), ALL, Table.Order.ASCENDING)
        .stream()
        .map(row -> Keys.parts(row.key())[2])
        .toList();
  }

  private void remember(PolicyRecord record) {
    policies.put(record.account() + "\0" + record.name(), compile(record));
  }

  /** What cannot be read might have denied anything, so it denies everything. */
  private static Policy compile(PolicyRecord record) {
    try {
      return PolicyParser.stored(record.current().document());
    } catch (MalformedPolicy e) {
      LOG.error(
          "event=policy-unreadable policy={} effect=deny-all reason=\"{}\"",
          record.arn(),
          LogText.printable(e));
      return Policy.denyingAll();
    }
  }
}
