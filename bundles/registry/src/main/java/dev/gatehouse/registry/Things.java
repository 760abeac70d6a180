package dev.gatehouse.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.registry.Thing;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.api.store.StoreConflictException;
import dev.gatehouse.api.store.Table;
import dev.gatehouse.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Things and their principals in the store. An attribute's value leads back to its things. */
final class Things {
  static final String THINGS = "registry.things";
  static final String BY_ATTRIBUTE = "registry.things-by-attribute";
  static final String BY_THING = "registry.principals-by-thing";
  static final String BY_PRINCIPAL = "registry.things-by-principal";

  /** Another value with each attachment, so that a deletion notices one at the same time. */
  static final String ATTACHMENTS = "registry.last-attachment";

  private static final int FORMAT = 1;
  private static final byte[] NOTHING = {1};

  private final Store store;

  Things(Store store) {
    this.store = store;
  }

  static byte[] key(Account account, String... parts) {
    return (account + "\0" + String.join("\0", parts)).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] stored(Thing thing) {
    ObjectNode node = Json.object().put("id", thing.thingId()).put("version", thing.version());
    thing.typeName().ifPresent(type -> node.put("type", type));
    ObjectNode attributes = node.putObject("attributes");
    new TreeMap<>(thing.attributes()).forEach(attributes::put); // one form for equal things
    return Json.stored(FORMAT, node);
  }

  private static Thing restored(String name, byte[] value) {
    ObjectNode node = Json.restored(FORMAT, value);
    Map<String, String> attributes = new LinkedHashMap<>();
    node.get("attributes")
        .properties()
        .forEach(entry -> attributes.put(entry.getKey(), entry.getValue().asText()));
    return new Thing(
        name,
        node.get("id").asText(),
        Optional.ofNullable(node.get("type")).map(type -> type.asText()),
        attributes,
        node.get("version").asLong());
  }

  Optional<Thing> find(Account account, String name) {
    return store.table(THINGS).get(key(account, name)).map(value -> restored(name, value));
  }

  Thing require(Account account, String name) {
    return find(account, name)
        .orElseThrow(
            () ->
                new ServiceException(
                    ErrorCode.RESOURCE_NOT_FOUND, "there is no thing named '" + name + "'"));
  }

  /** Names of things, in order; with an attribute, of those that have it. */
  List<String> names(
      Account account, Optional<Map.Entry<String, String>> attribute, String from, int limit) {
    return attribute
        .map(
            wanted ->
                lastParts(
                    BY_ATTRIBUTE,
                    key(account, wanted.getKey(), wanted.getValue(), ""),
                    from,
                    limit))
        .orElseGet(() -> lastParts(THINGS, key(account, ""), from, limit));
  }

  List<String> principals(Account account, String thing, String from, int limit) {
    return lastParts(BY_THING, key(account, thing, ""), from, limit);
  }

  List<String> thingsOf(Account account, String principal, String from, int limit) {
    return lastParts(BY_PRINCIPAL, key(account, principal, ""), from, limit);
  }

  private List<String> lastParts(String table, byte[] prefix, String from, int limit) {
    byte[] start =
        (new String(prefix, StandardCharsets.UTF_8) + from).getBytes(StandardCharsets.UTF_8);
    byte[] end = Arrays.copyOf(prefix, prefix.length);
    end[end.length - 1] = 1;
    return store.table(table).range(start, end, limit, Table.Order.ASCENDING).stream()
        .map(row -> new String(row.key(), StandardCharsets.UTF_8))
        .map(key -> key.substring(key.lastIndexOf('\0') + 1))
        .toList();
  }

  CompletionStage<Void> create(Account account, Thing thing, Supplier<ServiceException> exists) {
    byte[] key = key(account, thing.name());
    Batch batch = new Batch().expectAbsent(THINGS, key).put(THINGS, key, stored(thing));
    index(batch, account, thing, true);
    return commit(batch, exists);
  }

  CompletionStage<Void> replace(Account account, Thing before, Thing after) {
    byte[] key = key(account, before.name());
    Batch batch = new Batch().expect(THINGS, key, stored(before)).put(THINGS, key, stored(after));
    index(batch, account, before, false);
    index(batch, account, after, true);
    return commit(batch, Things::changedMeanwhile);
  }

  /**
   * Deletes a thing without principals.
   *
   * @throws ServiceException INVALID_REQUEST if it has any
   */
  CompletionStage<Void> delete(Account account, Thing thing) {
    byte[] key = key(account, thing.name());
    Batch batch = new Batch().expect(THINGS, key, stored(thing)).delete(THINGS, key);
    // Read before the principals are: what is attached after that makes the batch fail.
    store
        .table(ATTACHMENTS)
        .get(key)
        .ifPresentOrElse(
            last -> batch.expect(ATTACHMENTS, key, last),
            () -> batch.expectAbsent(ATTACHMENTS, key));
    if (!principals(account, thing.name(), "", 1).isEmpty()) {
      throw Validation.invalid(
          "thing '" + thing.name() + "' has principals attached; detach them first");
    }
    batch.delete(ATTACHMENTS, key);
    index(batch, account, thing, false);
    return commit(batch, Things::changedMeanwhile);
  }

  private static byte[] attachment() {
    return Json.stored(FORMAT, Json.object().put("id", UUID.randomUUID().toString()));
  }

  /** Attaches a principal; has no effect if it is attached already. */
  CompletionStage<Void> attach(Account account, Thing thing, String principal) {
    return commit(
        new Batch()
            .expect(THINGS, key(account, thing.name()), stored(thing))
            .put(ATTACHMENTS, key(account, thing.name()), attachment())
            .put(BY_THING, key(account, thing.name(), principal), NOTHING)
            .put(BY_PRINCIPAL, key(account, principal, thing.name()), NOTHING),
        Things::changedMeanwhile);
  }

  CompletionStage<Void> detach(Account account, String thing, String principal) {
    return commit(
        new Batch()
            .delete(BY_THING, key(account, thing, principal))
            .delete(BY_PRINCIPAL, key(account, principal, thing)),
        Things::changedMeanwhile);
  }

  private static void index(Batch batch, Account account, Thing thing, boolean add) {
    thing
        .attributes()
        .forEach(
            (name, value) -> {
              byte[] key = key(account, name, value, thing.name());
              if (add) {
                batch.put(BY_ATTRIBUTE, key, NOTHING);
              } else {
                batch.delete(BY_ATTRIBUTE, key);
              }
            });
  }

  private static ServiceException changedMeanwhile() {
    return new ServiceException(
        ErrorCode.VERSION_CONFLICT, "somebody else changed the thing at the same time; try again");
  }

  private CompletionStage<Void> commit(Batch batch, Supplier<ServiceException> conflict) {
    return store
        .commit(batch)
        .exceptionally(
            failure -> {
              Throwable cause =
                  failure instanceof CompletionException ? failure.getCause() : failure;
              throw cause instanceof StoreConflictException
                  ? conflict.get()
                  : new CompletionException(cause);
            });
  }

  long size() {
    return store.table(THINGS).size();
  }
}
