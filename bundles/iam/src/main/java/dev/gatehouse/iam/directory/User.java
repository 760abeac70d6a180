package dev.gatehouse.iam.directory;

import java.util.ArrayList;
import java.util.List;

/**
 * A user.
 *
 * @param groups the names of the groups it is in
 * @param keys at most two
 */
public record User(
    String name,
    String path,
    String id,
    long createdMillis,
    List<String> groups,
    List<AccessKey> keys,
    Grants grants,
    Tags tags)
    implements Holder, Tagged {

  /** Copies the lists. */
  public User {
    groups = List.copyOf(groups);
    keys = List.copyOf(keys);
  }

  @Override
  public Kind kind() {
    return Kind.USER;
  }

  @Override
  public User with(Grants next) {
    return new User(name, path, id, createdMillis, groups, keys, next, tags);
  }

  @Override
  public User with(Tags next) {
    return new User(name, path, id, createdMillis, groups, keys, grants, next);
  }

  /** Under another name and path. */
  public User renamed(String nextName, String nextPath) {
    return new User(nextName, nextPath, id, createdMillis, groups, keys, grants, tags);
  }

  /** In other groups. */
  public User in(List<String> nextGroups) {
    return new User(name, path, id, createdMillis, nextGroups, keys, grants, tags);
  }

  /** With a key, in place of the one of that id. */
  public User with(AccessKey key) {
    List<AccessKey> next = new ArrayList<>(without(key.id()).keys());
    next.add(key);
    return new User(name, path, id, createdMillis, groups, next, grants, tags);
  }

  /** Without a key. */
  public User without(String keyId) {
    List<AccessKey> next = keys.stream().filter(key -> !key.id().equals(keyId)).toList();
    return new User(name, path, id, createdMillis, groups, next, grants, tags);
  }
}
