package dev.gatehouse.identity;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.api.store.Table;
import dev.gatehouse.api.tag.Tags;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Policies and what they are attached to. Both directions of an attachment are rows of their own,
 * so that each can be listed. To attach changes the policy's row too, so that a policy cannot be
 * deleted while it is being attached.
 */
final class Policies {
  private static final String POLICIES = PolicyIndex.POLICIES;
  private static final String BY_TARGET = PolicyIndex.BY_TARGET;
  private static final String BY_POLICY = "identity.targets-by-policy";
  private static final byte[] NOTHING = {1};
  private static final int MAX_VERSIONS = 5;
  private static final int MAX_ATTACHED = 10;
  private static final int MAX_DOCUMENT = 2048;

  private final Store store;
  private final Clock clock;
  private final PolicyIndex index;
  private final Vetting vetting;

  Policies(Store store, Clock clock, PolicyIndex index, Vetting vetting) {
    this.vetting = vetting;
    this.store = store;
    this.clock = clock;
    this.index = index;
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

  CompletionStage<PolicyRecord> create(Account account, String name, String document, Tags tags) {
    validate(name, document);
    byte[] key = Keys.of(account, name);
    return Conflicts.retried(
        () -> {
          PolicyRecord record = PolicyRecord.first(account, name, document, clock.millis());
          if (find(account, name).isPresent()) {
            throw new ServiceException(
                ErrorCode.RESOURCE_ALREADY_EXISTS,
                "Policy cannot be created - name already exists (name=" + name + ")",
                Map.of("resourceId", name, "resourceArn", record.arn()),
                null);
          }
          Batch batch = new Batch().expectAbsent(POLICIES, key).put(POLICIES, key, record.stored());
          tags.put(batch, account, record.resource());
          return committed(batch, record);
        });
  }

  private void validate(String name, String document) {
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
    vetting.check(document, name);
  }

  CompletionStage<PolicyRecord> createVersion(
      Account account, String name, String document, boolean asDefault) {
    require(account, name);
    validate(name, document);
    return Conflicts.retried(
        () -> {
          PolicyRecord before = require(account, name);
          if (before.versions().size() >= MAX_VERSIONS) {
            throw new ServiceException(
                IdentityErrors.VERSIONS_LIMIT_EXCEEDED,
                "The policy %s already has the maximum number of versions (%d)"
                    .formatted(name, MAX_VERSIONS));
          }
          return replace(before, before.plus(document, asDefault, clock.millis()));
        });
  }

  CompletionStage<PolicyRecord> deleteVersion(Account account, String name, int version) {
    return Conflicts.retried(
        () -> {
          PolicyRecord before = requireVersion(account, name, version);
          if (before.defaultVersion() == version) {
            throw new ServiceException(
                IdentityErrors.DELETE_CONFLICT,
                "version " + version + " is the default; make another the default first");
          }
          return replace(before, before.minus(version));
        });
  }

  CompletionStage<PolicyRecord> setDefault(Account account, String name, int version) {
    return Conflicts.retried(
        () -> {
          PolicyRecord before = requireVersion(account, name, version);
          PolicyRecord after = before.withDefault(version);
          return committed(replacing(before, after).urgent(), after);
        });
  }

  PolicyRecord requireVersion(Account account, String name, int version) {
    PolicyRecord record = require(account, name);
    if (record.version(version).isEmpty()) {
      throw new ServiceException(
          ErrorCode.RESOURCE_NOT_FOUND, "policy '" + name + "' has no version " + version);
    }
    return record;
  }

  private Batch expecting(PolicyRecord record) {
    return new Batch().expect(POLICIES, Keys.of(record.account(), record.name()), record.stored());
  }

  private CompletionStage<PolicyRecord> replace(PolicyRecord before, PolicyRecord after) {
    return committed(replacing(before, after), after);
  }

  private Batch replacing(PolicyRecord before, PolicyRecord after) {
    return expecting(before)
        .put(POLICIES, Keys.of(before.account(), before.name()), after.stored());
  }

  private CompletionStage<PolicyRecord> committed(Batch batch, PolicyRecord record) {
    return store
        .commit(batch)
        .whenComplete((done, failure) -> index.policyChanged(record.account(), record.name()))
        .thenApply(done -> record);
  }

  CompletionStage<PolicyRecord> delete(Account account, String name) {
    byte[] key = Keys.of(account, name);
    return Conflicts.retried(
        () -> {
          PolicyRecord record = require(account, name);
          if (record.versions().size() > 1) {
            throw new ServiceException(
                IdentityErrors.DELETE_CONFLICT,
                "The policy cannot be deleted as versions other than than default version exist"
                    + " (name="
                    + name
                    + ")");
          }
          if (!targets(account, name, "", 1, Table.Order.ASCENDING).isEmpty()) {
            throw new ServiceException(
                IdentityErrors.DELETE_CONFLICT,
                "The policy cannot be deleted as the policy is attached to one or more principals"
                    + " (name="
                    + name
                    + ")");
          }
          Batch batch = expecting(record).delete(POLICIES, key);
          Tags.remove(batch, account, record.resource());
          return committed(batch, record);
        });
  }

  /**
   * Attaches; has no effect if it is attached already.
   *
   * @param exists adds to the batch that the target must exist; throws if it does not
   */
  CompletionStage<Void> attach(
      Account account, String name, String target, Consumer<Batch> exists) {
    byte[] key = Keys.of(account, name);
    return Conflicts.retried(
        () -> {
          PolicyRecord record = require(account, name);
          Batch batch = expecting(record).put(POLICIES, key, record.touched().stored());
          exists.accept(batch);
          List<String> attached = attached(account, target);
          if (attached.contains(name)) {
            return CompletableFuture.completedStage(null);
          }
          if (attached.size() >= MAX_ATTACHED) {
            throw new ServiceException(
                ErrorCode.LIMIT_EXCEEDED,
                "at most " + MAX_ATTACHED + " policies can be attached to " + target);
          }
          batch
              .put(BY_TARGET, Keys.of(account, target, name), NOTHING)
              .put(BY_POLICY, Keys.of(account, name, target), NOTHING);
          return committed(batch, account, target);
        });
  }

  /** Ends an attachment; has no effect if there is none, or no such policy. */
  CompletionStage<Void> detach(Account account, String name, String target) {
    Batch batch = new Batch();
    detach(account, name, target, batch);
    return committed(batch, account, target);
  }

  private CompletionStage<Void> committed(Batch batch, Account account, String target) {
    return store
        .commit(batch)
        .whenComplete((done, failure) -> index.targetChanged(account, target));
  }

  /** Adds the end of an attachment to a batch. */
  void detach(Account account, String name, String target, Batch batch) {
    batch
        .delete(BY_TARGET, Keys.of(account, target, name))
        .delete(BY_POLICY, Keys.of(account, name, target));
  }

  /** Ends what was attached to a target while it was being deleted. */
  CompletionStage<Void> detachAll(Account account, String target) {
    Batch batch = new Batch();
    attached(account, target).forEach(name -> detach(account, name, target, batch));
    if (batch.changes().isEmpty()) {
      index.targetChanged(account, target);
      return CompletableFuture.completedStage(null);
    }
    return committed(batch, account, target);
  }
}
