package dev.gatehouse.registry;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Arn;
import dev.gatehouse.api.registry.Thing;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.tag.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** Groups of one kind and their things, in the store. */
class Groups implements Things.Relation {
  /** Things that leave a group in one batch when it is deleted. */
  private static final int AT_ONCE = 500;

  final GroupKind kind;
  final Rows rows;
  private final Things things;
  private final TagRows tags;

  Groups(GroupKind kind, Rows rows, Things things, TagRows tags) {
    this.kind = kind;
    this.rows = rows;
    this.things = things;
    this.tags = tags;
  }

  Optional<Group> find(Account account, String name) {
    return rows.get(kind.table, Rows.key(account, name)).map(row -> Group.restored(name, row));
  }

  Group require(Account account, String name) {
    return find(account, name).orElseThrow(() -> Validation.notFound(kind.label, name));
  }

  /** What follows {@code prefix} in names. */
  List<String> names(Account account, String prefix, String from, int limit) {
    return rows.page(kind.table, Rows.key(account, prefix), from, limit);
  }

  /** Creates a group; the same again has the first answer. */
  CompletionStage<Group> create(Account account, Group group, Tags given) {
    Arn resource = kind.resource(account, group.name());
    return rows.commit(
        () -> {
          Optional<Group> there = find(account, group.name());
          if (there.isPresent()) {
            if (!there.get().like(group) || !tags.of(account, resource).equals(given)) {
              throw Validation.exists(kind.label, group.name(), resource.toString());
            }
            return new Rows.Change<>(new Batch(), there.get());
          }
          byte[] key = Rows.key(account, group.name());
          Batch batch =
              new Batch().expectAbsent(kind.table, key).put(kind.table, key, group.stored());
          placed(batch, account, group);
          given.put(batch, account, resource);
          tell(batch, account, group, Events.Operation.CREATED);
          return new Rows.Change<>(batch, group);
        });
  }

  /** The batch makes a group: those that have a place put it there. */
  void placed(Batch batch, Account account, Group group) {}

  /** The batch deletes a group: throws if something below it stands in the way. */
  void removed(Batch batch, Account account, Group group) {}

  /** The batch makes, changes or deletes a group: those that are told of it add that. */
  void tell(Batch batch, Account account, Group group, Events.Operation operation) {}

  /** The batch makes a thing join or leave a group. */
  void tell(Batch batch, Account account, Thing thing, Group group, Events.Operation operation) {}

  /** The batch fails unless the group is as it was read, and so does a deletion meanwhile. */
  void relate(Batch batch, Account account, Group group) {
    batch.expect(kind.table, Rows.key(account, group.name()), group.stored());
    Relations.begin(batch, Relations.OF_GROUP, mark(account, group.name()));
  }

  private byte[] mark(Account account, String name) {
    return Rows.key(account, kind.name(), name);
  }

  CompletionStage<Group> update(
      Account account, String name, Optional<Long> expectedVersion, UnaryOperator<Group> by) {
    return rows.commit(
        () -> {
          Group before = require(account, name);
          Validation.expect(expectedVersion, before.version(), kind.label, name);
          Group after = by.apply(before);
          byte[] key = Rows.key(account, name);
          Batch batch =
              new Batch()
                  .expect(kind.table, key, before.stored())
                  .put(kind.table, key, after.stored());
          tell(batch, account, after, Events.Operation.UPDATED);
          return new Rows.Change<>(batch, after);
        });
  }

  /** Deletes a group, which its things leave first; one that is not there is no error. */
  CompletionStage<Boolean> delete(Account account, String name, Optional<Long> expectedVersion) {
    return rows.commit(() -> deletion(account, name, expectedVersion))
        .thenCompose(
            gone ->
                gone
                    ? CompletableFuture.completedFuture(true)
                    : delete(account, name, expectedVersion));
  }

  private Rows.Change<Boolean> deletion(
      Account account, String name, Optional<Long> expectedVersion) {
    Optional<Group> group = find(account, name);
    Batch batch = new Batch();
    if (group.isEmpty()) {
      return new Rows.Change<>(batch, true);
    }
    Validation.expect(expectedVersion, group.get().version(), kind.label, name);
    Relations.settle(rows, batch, Relations.OF_GROUP, mark(account, name));
    removed(batch, account, group.get());
    List<String> members = things(account, name, "", AT_ONCE);
    for (String thing : members) {
      leave(batch, account, thing, name);
      things
          .find(account, thing)
          .ifPresent(it -> tell(batch, account, it, group.get(), Events.Operation.REMOVED));
    }
    if (members.size() == AT_ONCE) {
      return new Rows.Change<>(batch, false);
    }
    byte[] key = Rows.key(account, name);
    batch.expect(kind.table, key, group.get().stored()).delete(kind.table, key);
    Tags.remove(batch, account, kind.resource(account, name));
    tell(batch, account, group.get(), Events.Operation.DELETED);
    return new Rows.Change<>(batch, true);
  }

  List<String> things(Account account, String group, String from, int limit) {
    return rows.page(kind.thingsByGroup, Rows.key(account, group, ""), from, limit);
  }

  List<String> groups(Account account, String thing, String from, int limit) {
    return rows.page(kind.groupsByThing, Rows.key(account, thing, ""), from, limit);
  }

  /** Makes a thing leave and join groups, whether or not it is in them already. */
  CompletionStage<Thing> change(
      Account account, String name, List<String> join, List<String> leave) {
    return rows.commit(
        () -> {
          Thing thing = things.require(account, name);
          leave.forEach(group -> require(account, group));
          List<String> in = new ArrayList<>(groups(account, name, "", kind.perThing + 1));
          Batch batch = new Batch();
          // Of two changes at the same time the second sees what the first has done.
          byte[] key = Rows.key(account, name);
          Rows.expect(batch, Relations.OF_THING, key, rows.get(Relations.OF_THING, key));
          Things.relate(batch, account, thing);
          // A thing that can be in one group only leaves it for another.
          List<String> left = kind.perThing == 1 && !join.isEmpty() ? List.copyOf(in) : leave;
          for (String group : left) {
            leave(batch, account, name, group);
            if (in.remove(group)) {
              find(account, group)
                  .ifPresent(it -> tell(batch, account, thing, it, Events.Operation.REMOVED));
            }
          }
          for (String group : join) {
            Group joined = require(account, group);
            if (!in.contains(group)) {
              admit(account, joined, in);
              in.add(group);
              tell(batch, account, thing, joined, Events.Operation.ADDED);
            }
            join(batch, account, name, joined);
          }
          return new Rows.Change<>(batch, thing);
        });
  }

  /** Throws if a thing that is in some groups cannot join another one. */
  void admit(Account account, Group group, List<String> in) {
    if (in.size() >= kind.perThing) {
      throw Validation.invalid(
          "a thing can be in %d %ss, and it is in %s".formatted(kind.perThing, kind.label, in));
    }
  }

  void join(Batch batch, Account account, String thing, Group group) {
    relate(batch, account, group);
    batch
        .put(kind.thingsByGroup, Rows.key(account, group.name(), thing), Rows.NOTHING)
        .put(kind.groupsByThing, Rows.key(account, thing, group.name()), Rows.NOTHING);
  }

  void leave(Batch batch, Account account, String thing, String group) {
    batch
        .delete(kind.thingsByGroup, Rows.key(account, group, thing))
        .delete(kind.groupsByThing, Rows.key(account, thing, group));
  }

  @Override
  public void end(Batch batch, Account account, String thing) {
    groups(account, thing, "", kind.perThing).forEach(group -> leave(batch, account, thing, group));
  }
}
