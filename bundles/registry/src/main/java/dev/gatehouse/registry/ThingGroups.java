package dev.gatehouse.registry;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.PolicyTargets;
import dev.gatehouse.api.registry.Thing;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.tag.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Static thing groups. A group's place never changes, so that rows lead from each group to all that
 * are below it.
 */
final class ThingGroups extends Groups {
  static final String CHILDREN = "registry.thing-groups-children";
  static final String BELOW = "registry.thing-groups-below";
  private static final int DEPTH = 7;

  /** Names the parent of the groups that have none. */
  private static final String ROOT = "";

  private final PolicyTargets policies;
  private final AtomicLong revision;
  private final Events events;

  /**
   * Thing groups.
   *
   * @param policies told of groups that go
   * @param revision grows after each change of what things are in which groups
   */
  ThingGroups(
      Rows rows,
      Things things,
      TagRows tags,
      PolicyTargets policies,
      AtomicLong revision,
      Events events) {
    super(GroupKind.THING_GROUP, rows, things, tags);
    this.events = events;
    this.policies = policies;
    this.revision = revision;
  }

  /** A group has no policies of one of the same name that was there before. */
  @Override
  CompletionStage<Group> create(Account account, Group group, Tags given) {
    return find(account, group.name()).isPresent()
        ? super.create(account, group, given)
        : policies
            .clear(account, kind.arn(account, group.name()))
            .thenCompose(cleared -> super.create(account, group, given));
  }

  @Override
  CompletionStage<Boolean> delete(Account account, String name, Optional<Long> expectedVersion) {
    return super.delete(account, name, expectedVersion)
        .whenComplete((done, failure) -> revision.incrementAndGet())
        .thenCompose(
            gone -> policies.clear(account, kind.arn(account, name)).thenApply(none -> gone));
  }

  @Override
  CompletionStage<Thing> change(
      Account account, String name, List<String> join, List<String> leave) {
    return super.change(account, name, join, leave)
        .whenComplete((done, failure) -> revision.incrementAndGet());
  }

  /** Names of a group and of those above it; empty if there is no such group. */
  List<String> path(Account account, String name) {
    List<String> path = new ArrayList<>();
    Optional<Group> group = find(account, name);
    while (group.isPresent()) {
      path.add(group.get().name());
      group = Optional.ofNullable(group.get().parent()).flatMap(above -> find(account, above));
    }
    return path;
  }

  /** Names of the groups that a thing is in, and of those above them. */
  List<String> of(Account account, String thing) {
    return groups(account, thing, "", kind.perThing).stream()
        .flatMap(group -> path(account, group).stream())
        .distinct()
        .toList();
  }

  /** From the root to the group's parent. */
  List<Group> above(Account account, Group group) {
    List<Group> path = new ArrayList<>();
    @Nullable String parent = group.parent();
    while (parent != null) {
      Group next = require(account, parent);
      path.add(0, next);
      parent = next.parent();
    }
    return path;
  }

  @Override
  void placed(Batch batch, Account account, Group group) {
    List<Group> above = above(account, group);
    if (above.size() >= DEPTH) {
      throw Validation.invalid(
          "thing groups are at most " + DEPTH + " deep, below " + above.get(0).name());
    }
    String parent = group.parent() == null ? ROOT : group.parent();
    batch.put(CHILDREN, Rows.key(account, parent, group.name()), Rows.NOTHING);
    for (Group ancestor : above) {
      batch.put(BELOW, Rows.key(account, ancestor.name(), group.name()), Rows.NOTHING);
    }
    if (!above.isEmpty()) {
      relate(batch, account, above.get(above.size() - 1));
    }
  }

  @Override
  void removed(Batch batch, Account account, Group group) {
    if (!below(account, group.name(), "", false, "", 1).isEmpty()) {
      throw Validation.invalid(
          "Cannot delete thing group : "
              + group.name()
              + " when there are still child groups attached to it");
    }
    String parent = group.parent() == null ? ROOT : group.parent();
    batch.delete(CHILDREN, Rows.key(account, parent, group.name()));
    for (Group ancestor : above(account, group)) {
      batch.delete(BELOW, Rows.key(account, ancestor.name(), group.name()));
    }
  }

  @Override
  void tell(Batch batch, Account account, Group group, Events.Operation operation) {
    events.group(batch, account, group, above(account, group), operation);
  }

  @Override
  void tell(Batch batch, Account account, Thing thing, Group group, Events.Operation operation) {
    events.member(batch, account, thing, group, operation);
  }

  @Override
  void admit(Account account, Group group, List<String> in) {
    super.admit(account, group, in);
    String root = root(account, group);
    for (String other : in) {
      if (root(account, require(account, other)).equals(root)) {
        throw Validation.invalid(
            "the thing is in '%s' already, which is in the same hierarchy as '%s'"
                .formatted(other, group.name()));
      }
    }
  }

  private String root(Account account, Group group) {
    List<Group> above = above(account, group);
    return above.isEmpty() ? group.name() : above.get(0).name();
  }

  /**
   * What follows {@code prefix} in the names of the groups below one.
   *
   * @param parent empty: the groups without a parent
   * @param all also those that are not directly below
   */
  List<String> below(
      Account account, String parent, String prefix, boolean all, String from, int limit) {
    return rows.page(all ? BELOW : CHILDREN, Rows.key(account, parent, prefix), from, limit);
  }

  /** Things of a group and of those below it. A thing is in one group of a hierarchy only. */
  List<String> allThings(Account account, String group, String from, int limit) {
    TreeSet<String> first = new TreeSet<>(things(account, group, from, limit));
    String next = "";
    List<String> groups;
    do {
      groups = below(account, group, "", true, next, 100);
      for (String below : groups) {
        first.addAll(things(account, below, from, limit));
        while (first.size() > limit) {
          first.pollLast();
        }
      }
      next = groups.isEmpty() ? "" : groups.get(groups.size() - 1) + "!"; // sorts before any more
    } while (groups.size() == 100);
    return List.copyOf(first);
  }
}
