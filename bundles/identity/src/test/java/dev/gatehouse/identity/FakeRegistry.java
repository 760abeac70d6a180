package dev.gatehouse.identity;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.registry.Thing;
import dev.gatehouse.api.registry.ThingRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A registry of the thing lamp and of the things that every certificate is attached to. */
final class FakeRegistry implements ThingRegistry {
  private Set<String> attached;
  private final List<String> groupsOfLamp = new ArrayList<>();
  private final Map<String, String> parents = new TreeMap<>();
  private long revision;
  int asked;

  FakeRegistry(Set<String> attached) {
    this.attached = attached;
  }

  void attached(Set<String> things) {
    attached = things;
    revision++;
  }

  /** A group, below another unless that is empty. */
  FakeRegistry group(String name, String parent) {
    parents.put(name, parent);
    return this;
  }

  void join(String group) {
    groupsOfLamp.add(group);
    revision++;
  }

  void leave(String group) {
    groupsOfLamp.remove(group);
    revision++;
  }

  @Override
  public Optional<Thing> find(Account account, String thingName) {
    return Optional.of(new Thing("lamp", "id", Optional.of("light"), Map.of("room", "hall"), 1))
        .filter(thing -> thing.name().equals(thingName));
  }

  @Override
  public Set<String> thingsOf(Account account, String principalArn) {
    return attached;
  }

  @Override
  public boolean isAttached(Account account, String principalArn, String thingName) {
    asked++;
    return attached.contains(thingName);
  }

  @Override
  public List<String> groupsOf(Account account, String thingName) {
    return thingName.equals("lamp")
        ? groupsOfLamp.stream().flatMap(group -> groupPath(account, group).stream()).toList()
        : List.of();
  }

  @Override
  public List<String> groupPath(Account account, String groupName) {
    List<String> path = new ArrayList<>();
    for (String name = groupName; parents.containsKey(name); name = parents.get(name)) {
      path.add(name);
    }
    return path;
  }

  @Override
  public long revision() {
    return revision;
  }
}
