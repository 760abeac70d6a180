package dev.gatehouse.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.registry.Thing;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Things in the store. */
final class Things {
  static final String THINGS = "registry.things";

  private final Rows rows;
  private final ThingTypes types;
  private final Events events;
  private final List<Relation> relations = new ArrayList<>();

  /** What a thing can be related to, in the eyes of its deletion. */
  interface Relation {
    /** Ends what the thing has of it; throws if that stands in the way. */
    void end(Batch batch, Account account, String thing);
  }

  /**
   * A change of a thing.
   *
   * @param attributes attributePayload and what else the body has
   */
  record Update(
      String name,
      Optional<Long> expectedVersion,
      Optional<String> typeName,
      boolean removeType,
      UnaryAttributes attributes) {}

  /** Attributes from attributes. */
  interface UnaryAttributes {
    Map<String, String> of(Map<String, String> before);
  }

  Things(Rows rows, ThingTypes types, Events events) {
    this.rows = rows;
    this.types = types;
    this.events = events;
  }

  /** Before the first call. */
  void add(Relation relation) {
    relations.add(relation);
  }

  static String arn(Account account, String thing) {
    return account.arn("iot", "thing/" + thing).toString();
  }

  static byte[] stored(Thing thing) {
    ObjectNode node = Json.object().put("id", thing.thingId()).put("version", thing.version());
    thing.typeName().ifPresent(type -> node.put("type", type));
    node.set("attributes", Attributes.node(thing.attributes()));
    return Rows.value(node);
  }

  private static Thing restored(String name, byte[] value) {
    ObjectNode node = Rows.node(value);
    return new Thing(
        name,
        node.get("id").asText(),
        Optional.ofNullable(node.get("type")).map(JsonNode::asText),
        Attributes.map(node.get("attributes")),
        node.get("version").asLong());
  }

  Optional<Thing> find(Account account, String name) {
    return rows.get(THINGS, Rows.key(account, name)).map(value -> restored(name, value));
  }

  Thing require(Account account, String name) {
    return find(account, name).orElseThrow(() -> Validation.notFound("thing", name));
  }

  /** The batch fails unless the thing is still as it was read. */
  private static void expect(Batch batch, Account account, Thing thing) {
    batch.expect(THINGS, Rows.key(account, thing.name()), stored(thing));
  }

  /** The batch relates a thing to something, unless the thing is gone or being deleted. */
  static void relate(Batch batch, Account account, Thing thing) {
    expect(batch, account, thing);
    Relations.begin(batch, Relations.OF_THING, Rows.key(account, thing.name()));
  }

  /** Creates a thing; the same again has the first answer. */
  CompletionStage<Thing> create(
      Account account, Thing thing, BillingGroups groups, @Nullable String billingGroup) {
    Validation.attributeCount(thing.attributes().size(), thing.typeName());
    return rows.commit(
        () -> {
          Optional<Thing> there = find(account, thing.name());
          if (there.isPresent()) {
            boolean same =
                there.get().attributes().equals(thing.attributes())
                    && there.get().typeName().equals(thing.typeName())
                    && groups.of(account, thing.name()).equals(Optional.ofNullable(billingGroup));
            if (!same) {
              throw Validation.exists("thing", thing.name(), arn(account, thing.name()));
            }
            return new Rows.Change<>(new Batch(), there.get());
          }
          byte[] key = Rows.key(account, thing.name());
          Batch batch = new Batch().expectAbsent(THINGS, key).put(THINGS, key, stored(thing));
          index(batch, account, thing, Optional.empty());
          if (billingGroup != null) {
            groups.join(batch, account, thing.name(), billingGroup);
          }
          events.thing(batch, account, thing, Optional.empty(), Events.Operation.CREATED);
          return new Rows.Change<>(batch, thing);
        });
  }

  private void index(Batch batch, Account account, Thing thing, Optional<String> typeBefore) {
    ThingIndex.add(
        batch,
        account,
        thing,
        thing.typeName().isPresent()
            ? types.use(batch, account, thing.typeName().get(), typeBefore).searchable()
            : thing.attributes().keySet());
  }

  CompletionStage<Thing> update(Account account, Update update) {
    return rows.commit(
        () -> {
          Thing before = require(account, update.name());
          Validation.expect(update.expectedVersion(), before.version(), "thing", before.name());
          Optional<String> type =
              update.removeType() ? Optional.empty() : update.typeName().or(before::typeName);
          Map<String, String> attributes = update.attributes().of(before.attributes());
          Validation.attributes(attributes);
          Validation.attributeCount(attributes.size(), type);
          Thing after =
              new Thing(before.name(), before.thingId(), type, attributes, before.version() + 1);
          Batch batch = new Batch();
          expect(batch, account, before);
          batch.put(THINGS, Rows.key(account, before.name()), stored(after));
          ThingIndex.remove(batch, account, before);
          index(batch, account, after, before.typeName());
          events.thing(batch, account, after, before.typeName(), Events.Operation.UPDATED);
          return new Rows.Change<>(batch, after);
        });
  }

  /** Deletes a thing and ends its relations; one that is not there is no error. */
  CompletionStage<Boolean> delete(Account account, String name, Optional<Long> expectedVersion) {
    return rows.commit(
        () -> {
          Optional<Thing> thing = find(account, name);
          Batch batch = new Batch();
          if (thing.isEmpty()) {
            return new Rows.Change<>(batch, false);
          }
          Validation.expect(expectedVersion, thing.get().version(), "thing", name);
          // Before any relation is read.
          Relations.settle(rows, batch, Relations.OF_THING, Rows.key(account, name));
          relations.forEach(relation -> relation.end(batch, account, name));
          expect(batch, account, thing.get());
          batch.delete(THINGS, Rows.key(account, name));
          ThingIndex.remove(batch, account, thing.get());
          Optional<String> type = thing.get().typeName();
          events.thing(batch, account, thing.get(), type, Events.Operation.DELETED);
          return new Rows.Change<>(batch, true);
        });
  }

  /** All things in order of their names: one range of rows, not a row for each. */
  List<Thing> page(Account account, String from, int limit) {
    return rows.page(THINGS, Rows.key(account, ""), from, limit, Things::restored);
  }

  /** What searches find; see {@link ThingIndex#find}. */
  List<String> find(Account account, ThingIndex.Search search, String from, int limit) {
    return ThingIndex.find(rows, account, search, from, limit);
  }

  long size() {
    return rows.size(THINGS);
  }
}
