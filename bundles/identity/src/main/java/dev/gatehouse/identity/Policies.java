package dev.gatehouse.identity;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.api.store.StoreConflictException;
import dev.gatehouse.api.store.Table;
import dev.gatehouse.identity.policy.MalformedPolicy;
import dev.gatehouse.identity.policy.Policy;
import dev.gatehouse.identity.policy.PolicyParser;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Policies and what they are attached to. Both directions of an attachment are rows of their own,
 * so that each can be listed. Compiled policies are kept by name until the revision changes.
 */
final class Policies {
  static final String POLICIES = "identity.policies";
  static final String BY_TARGET = "identity.policies-by-target";
  static final String BY_POLICY = "identity.targets-by-policy";
  private static final Logger LOG = LoggerFactory.getLogger(Policies.class);
  private static final byte[] NOTHING = {1};
  private static final int MAX_VERSIONS = 5;
  private static final int MAX_ATTACHED = 10;
  private static final int MAX_DOCUMENT = 2048;

  private final Store store;
  private final Clock clock;
  private final AtomicLong revision = new AtomicLong();
  private final Map<String, Optional<Policy>> compiled = new ConcurrentHashMap<>();

  Policies(Store store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Grows whenever anybody's rights may have changed. */
  long revision() {
    return revision.get();
  }

  /** Something changed that rights depend on. */
  void changed() {
    compiled.clear();
    revision.incrementAndGet();
  }

  /** The policies in effect on a target. */
  List<Policy> effective(Account account, String target) {
    List<Policy> policies = new ArrayList<>();
    for (String name : attached(account, target)) {
      named(account, name).ifPresent(policies::add);
    }
    return policies;
  }

  /** A policy's default version, compiled; empty if there is none, or it is not one. */
  Optional<Policy> named(Account account, String name) {
    String key = account + "\0" + name;
    Optional<Policy> known = compiled.get(key);
    if (known == null) {
      known = find(account, name).flatMap(Policies::compile);
      compiled.put(key, known);
    }
    return known;
  }

  private static Optional<Policy> compile(PolicyRecord record) {
    try {
      return Optional.of(PolicyParser.parse(record.current().document()));
    } catch (MalformedPolicy e) {
      LOG.error("event=policy-unreadable policy={} reason=\"{}\"", record.arn(), e.getMessage());
      return Optional.empty();
    }
  }

  Optional<PolicyRecord> find(Account account, String name) {
    byte[] key = Keys.of(account, name);
    return store.table(POLICIES).get(key).map(value -> PolicyRecord.restored(key, value));
  }

  PolicyRecord require(Account account, String name) {
    return find(account, name)
        .orElseThrow(
            () ->
                new ServiceException(
                    ErrorCode.RESOURCE_NOT_FOUND, "there is no policy named '" + name + "'"));
  }

  List<PolicyRecord> page(Account account, String from, int limit, Table.Order order) {
    return names(POLICIES, Keys.of(account, ""), from, limit, order).stream()
        .flatMap(name -> find(account, name).stream())
        .toList();
  }

  /** The names of the policies on a target. */
  List<String> attached(Account account, String target) {
    return names(BY_TARGET, Keys.of(account, target, ""), "", 1000, Table.Order.ASCENDING);
  }

  /** A page of the targets of a policy. */
  List<String> targets(Account account, String policy, String from, int limit, Table.Order order) {
    return names(BY_POLICY, Keys.of(account, policy, ""), from, limit, order);
  }

  /** The last parts of the keys that begin with a prefix. */
  private List<String> names(
      String table, byte[] prefix, String from, int limit, Table.Order order) {
    byte[] start =
        (new String(prefix, StandardCharsets.UTF_8) + from).getBytes(StandardCharsets.UTF_8);
    boolean ascending = order == Table.Order.ASCENDING;
    byte[] low = ascending ? start : prefix;
    byte[] high = Keys.end(prefix);
    if (!ascending && !from.isEmpty()) {
      high = java.util.Arrays.copyOf(start, start.length + 1);
    }
    return store.table(table).range(low, high, limit, order).stream()
        .map(row -> Keys.parts(row.key()))
        .map(parts -> parts[parts.length - 1])
        .toList();
  }

  CompletionStage<PolicyRecord> create(Account account, String name, String document) {
    validate(name, document);
    PolicyRecord record = PolicyRecord.first(account, name, document, clock.millis());
    byte[] key = Keys.of(account, name);
    return commit(
            new Batch().expectAbsent(POLICIES, key).put(POLICIES, key, record.stored()),
            () ->
                new ServiceException(
                    ErrorCode.RESOURCE_ALREADY_EXISTS,
                    "a policy named '" + name + "' exists already",
                    Map.of("resourceId", name, "resourceArn", record.arn()),
                    null))
        .thenApply(done -> record);
  }

  private static void validate(String name, String document) {
    if (!name.matches("[\\w+=,.@-]{1,128}")) {
      throw new ServiceException(
          ErrorCode.INVALID_REQUEST,
          "policy name '" + name + "' is not 1 to 128 of a-z A-Z 0-9 _ + = , . @ -");
    }
    int length = document.replaceAll("\\s", "").length();
    if (length > MAX_DOCUMENT) {
      throw new ServiceException(
          ErrorCode.MALFORMED_POLICY,
          "the document has "
              + length
              + " characters without blanks, at most "
              + MAX_DOCUMENT
              + " are allowed");
    }
    try {
      PolicyParser.parse(document);
    } catch (MalformedPolicy e) {
      throw new ServiceException(ErrorCode.MALFORMED_POLICY, String.valueOf(e.getMessage()));
    }
  }

  CompletionStage<PolicyRecord> createVersion(
      Account account, String name, String document, boolean asDefault) {
    PolicyRecord before = require(account, name);
    validate(name, document);
    if (before.versions().size() >= MAX_VERSIONS) {
      throw new ServiceException(
          ErrorCode.VERSIONS_LIMIT_EXCEEDED,
          "policy '" + name + "' has " + MAX_VERSIONS + " versions; delete one first");
    }
    return replace(before, before.plus(document, asDefault, clock.millis()));
  }

  CompletionStage<PolicyRecord> deleteVersion(Account account, String name, int version) {
    PolicyRecord before = requireVersion(account, name, version);
    if (before.defaultVersion() == version) {
      throw new ServiceException(
          ErrorCode.DELETE_CONFLICT,
          "version " + version + " is the default; make another the default first");
    }
    return replace(before, before.minus(version));
  }

  CompletionStage<PolicyRecord> setDefault(Account account, String name, int version) {
    PolicyRecord before = requireVersion(account, name, version);
    return replace(before, before.withDefault(version));
  }

  PolicyRecord requireVersion(Account account, String name, int version) {
    PolicyRecord record = require(account, name);
    if (record.version(version).isEmpty()) {
      throw new ServiceException(
          ErrorCode.RESOURCE_NOT_FOUND, "policy '" + name + "' has no version " + version);
    }
    return record;
  }

  private CompletionStage<PolicyRecord> replace(PolicyRecord before, PolicyRecord after) {
    byte[] key = Keys.of(before.account(), before.name());
    return commit(
            new Batch().expect(POLICIES, key, before.stored()).put(POLICIES, key, after.stored()),
            Policies::busy)
        .thenApply(done -> after);
  }

  private static ServiceException busy() {
    return new ServiceException(
        ErrorCode.SERVICE_UNAVAILABLE, "somebody else changed it at the same time; try again");
  }

  CompletionStage<Void> delete(Account account, String name) {
    PolicyRecord record = require(account, name);
    if (record.versions().size() > 1) {
      throw new ServiceException(
          ErrorCode.DELETE_CONFLICT, "policy '" + name + "' has more than one version");
    }
    if (!targets(account, name, "", 1, Table.Order.ASCENDING).isEmpty()) {
      throw new ServiceException(
          ErrorCode.DELETE_CONFLICT, "policy '" + name + "' is attached; detach it first");
    }
    byte[] key = Keys.of(account, name);
    return commit(
        new Batch().expect(POLICIES, key, record.stored()).delete(POLICIES, key), Policies::busy);
  }

  /** Attaches; has no effect if it is attached already. */
  CompletionStage<Void> attach(Account account, String name, String target) {
    PolicyRecord record = require(account, name);
    List<String> attached = attached(account, target);
    if (!attached.contains(name) && attached.size() >= MAX_ATTACHED) {
      throw new ServiceException(
          ErrorCode.LIMIT_EXCEEDED,
          "at most " + MAX_ATTACHED + " policies can be attached to " + target);
    }
    return commit(
        new Batch()
            .expect(POLICIES, Keys.of(account, name), record.stored())
            .put(BY_TARGET, Keys.of(account, target, name), NOTHING)
            .put(BY_POLICY, Keys.of(account, name, target), NOTHING),
        Policies::busy);
  }

  CompletionStage<Void> detach(Account account, String name, String target) {
    require(account, name);
    Batch batch = new Batch();
    detach(account, name, target, batch);
    return commit(batch, Policies::busy);
  }

  /** Adds the end of an attachment to a batch. */
  void detach(Account account, String name, String target, Batch batch) {
    batch
        .delete(BY_TARGET, Keys.of(account, target, name))
        .delete(BY_POLICY, Keys.of(account, name, target));
  }

  private CompletionStage<Void> commit(
      Batch batch, java.util.function.Supplier<ServiceException> conflict) {
    return store
        .commit(batch)
        .handle(
            (done, failure) -> {
              changed();
              Throwable cause =
                  failure instanceof CompletionException ? failure.getCause() : failure;
              if (cause instanceof StoreConflictException) {
                throw conflict.get();
              }
              if (cause != null) {
                throw cause instanceof RuntimeException runtime
                    ? runtime
                    : new CompletionException(cause);
              }
              return null;
            });
  }
}
