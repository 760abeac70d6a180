package dev.gatehouse.iam.cognito;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The pools and their identities: in the store, and in memory, where event loops look them up.
 * Strangers make identities, so there is a bound on how many.
 */
public final class Identities implements Pools {
  private static final String POOLS = "iam.pools";
  private static final String IDENTITIES = "iam.identities";
  private static final int FORMAT = 1;
  private static final int PAGE = 500;
  private static final int MAX_POOLS = 60;
  private static final int MAX_IDENTITIES = 10_000;

  private final Store store;
  private final Runnable changed;
  private final Map<String, Pool> pools = new ConcurrentHashMap<>(); // by id
  private final Map<String, Identity> identities = new ConcurrentHashMap<>(); // by id
  private final Map<String, String> byLogin = new ConcurrentHashMap<>(); // pool, login: identity

  /**
   * An identity.
   *
   * @param login who it is for an identity provider; empty for a stranger
   */
  record Identity(String id, String poolId, String login) {}

  /**
   * Reads what the store has.
   *
   * @param changed told when rights may have changed
   */
  public Identities(Store store, Account account, Runnable changed) {
    this.store = store;
    this.changed = changed;
    forEach(POOLS, (key, node) -> remember(pool(key, node, account.region())));
    forEach(
        IDENTITIES,
        (key, node) ->
            remember(new Identity(key, node.path("pool").asText(), node.path("login").asText())));
  }

  private interface Reader {
    void row(String key, ObjectNode value);
  }

  private void forEach(String name, Reader reader) {
    store
        .table(name)
        .forEach(
            PAGE,
            row -> {
              String key = new String(row.key(), StandardCharsets.UTF_8);
              reader.row(key.substring(key.indexOf('\0') + 1), Json.restored(FORMAT, row.value()));
            });
  }

  private static Pool pool(String id, ObjectNode node, String region) {
    Map<String, String> providers = new HashMap<>();
    node.path("providers")
        .properties()
        .forEach(member -> providers.put(member.getKey(), member.getValue().asText()));
    return new Pool(
        new Account(node.path("account").asText(), region),
        id,
        node.path("name").asText(),
        node.path("strangers").asBoolean(),
        providers,
        node.path("authenticated").asText(),
        node.path("unauthenticated").asText());
  }

  private static byte[] stored(Pool pool) {
    ObjectNode node =
        Json.object()
            .put("account", pool.account().id())
            .put("name", pool.name())
            .put("strangers", pool.allowsUnauthenticated())
            .put("authenticated", pool.authenticatedRole())
            .put("unauthenticated", pool.unauthenticatedRole());
    ObjectNode providers = node.putObject("providers");
    pool.providers().forEach(providers::put);
    return Json.stored(FORMAT, node);
  }

  private void remember(Pool pool) {
    pools.put(pool.id(), pool);
  }

  private void remember(Identity identity) {
    identities.put(identity.id(), identity);
    if (!identity.login().isEmpty()) {
      byLogin.put(identity.poolId() + " " + identity.login(), identity.id());
    }
  }

  @Override
  public Optional<Pool> poolOf(String identityId) {
    Identity identity = identities.get(identityId);
    return identity == null ? Optional.empty() : Optional.ofNullable(pools.get(identity.poolId()));
  }

  /** Whether an identity belongs to somebody who logged in. */
  boolean authenticated(String identityId) {
    Identity identity = identities.get(identityId);
    return identity != null && !identity.login().isEmpty();
  }

  /** Whether an identity is the one of a login. */
  boolean belongsTo(String identityId, String login) {
    Identity identity = identities.get(identityId);
    return identity != null && identity.login().equals(login);
  }

  /** A pool of whatever account. */
  Optional<Pool> find(String poolId) {
    return Optional.ofNullable(pools.get(poolId));
  }

  /** The pools of an account, by id. */
  List<Pool> list(Account account) {
    return pools.values().stream()
        .filter(pool -> pool.account().equals(account))
        .sorted(Comparator.comparing(Pool::id))
        .toList();
  }

  private static byte[] key(Account account, String id) {
    return (account + "\0" + id).getBytes(StandardCharsets.UTF_8);
  }

  /** Adds a pool or sets it anew. */
  CompletionStage<Pool> put(Pool pool) {
    if (!pools.containsKey(pool.id()) && list(pool.account()).size() >= MAX_POOLS) {
      throw new ServiceException(
          ErrorCode.LIMIT_EXCEEDED, "the account has " + MAX_POOLS + " identity pools");
    }
    return store
        .commit(new Batch().put(POOLS, key(pool.account(), pool.id()), stored(pool)))
        .thenApply(
            done -> {
              remember(pool);
              changed.run();
              return pool;
            });
  }

  /** Removes a pool with its identities. */
  CompletionStage<Void> delete(Pool pool) {
    Batch batch = new Batch().delete(POOLS, key(pool.account(), pool.id()));
    List<Identity> its =
        identities.values().stream().filter(one -> one.poolId().equals(pool.id())).toList();
    its.forEach(identity -> batch.delete(IDENTITIES, key(pool.account(), identity.id())));
    return store
        .commit(batch)
        .thenRun(
            () -> {
              pools.remove(pool.id());
              its.forEach(identity -> identities.remove(identity.id()));
              byLogin.keySet().removeIf(login -> login.startsWith(pool.id() + " "));
              changed.run();
            });
  }

  /** The identity of a login, made if it is new; of a stranger always a new one. */
  CompletionStage<String> identityOf(Pool pool, String login) {
    String known = login.isEmpty() ? null : byLogin.get(pool.id() + " " + login);
    if (known != null) {
      return CompletableFuture.completedStage(known);
    }
    if (identities.size() >= MAX_IDENTITIES) {
      throw new ServiceException(
          ErrorCode.LIMIT_EXCEEDED, "there are " + MAX_IDENTITIES + " identities already");
    }
    // Of a login the id is always the same, so that two first calls at once make one identity.
    UUID uuid =
        login.isEmpty()
            ? UUID.randomUUID()
            : UUID.nameUUIDFromBytes((pool.id() + " " + login).getBytes(StandardCharsets.UTF_8));
    Identity identity = new Identity(pool.account().region() + ":" + uuid, pool.id(), login);
    byte[] value = Json.stored(FORMAT, Json.object().put("pool", pool.id()).put("login", login));
    return store
        .commit(new Batch().put(IDENTITIES, key(pool.account(), identity.id()), value))
        .thenApply(
            done -> {
              remember(identity);
              changed.run();
              return identity.id();
            });
  }
}
