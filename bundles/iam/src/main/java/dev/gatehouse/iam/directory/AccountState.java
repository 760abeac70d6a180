package dev.gatehouse.iam.directory;

import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.iam.service.IamErrors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** All of an account, as it is at one moment. Immutable. */
public final class AccountState {
  private final Account account;
  private final String name;
  private final Map<Kind, SortedMap<String, Entity>> entities;

  AccountState(Account account, String name, Map<Kind, SortedMap<String, Entity>> entities) {
    this.account = account;
    this.name = name;
    this.entities = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      SortedMap<String, Entity> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      copy.putAll(entities.getOrDefault(kind, Collections.emptySortedMap()));
      this.entities.put(kind, Collections.unmodifiableSortedMap(copy));
    }
  }

  /** Which one. */
  public Account account() {
    return account;
  }

  /** What people call it. */
  public String name() {
    return name;
  }

  SortedMap<String, Entity> all(Kind kind) {
    return entities.getOrDefault(kind, Collections.emptySortedMap());
  }

  /** All of a kind, by name. */
  public List<Entity> list(Kind kind) {
    return new ArrayList<>(all(kind).values());
  }

  /** One by its name. */
  public Optional<Entity> find(Kind kind, String entityName) {
    return Optional.ofNullable(all(kind).get(entityName));
  }

  /**
   * One that must be there.
   *
   * @throws ServiceException NO_SUCH_ENTITY
   */
  public <T extends Entity> T require(Kind kind, String entityName, Class<T> type) {
    return require(all(kind), kind, entityName, type);
  }

  static <T extends Entity> T require(
      Map<String, Entity> all, Kind kind, String entityName, Class<T> type) {
    Entity found = all.get(entityName);
    if (found == null) {
      throw new ServiceException(
          IamErrors.NO_SUCH_ENTITY,
          "The " + kind.word() + " with name " + entityName + " cannot be found.");
    }
    return type.cast(found);
  }

  /** A user. */
  public Optional<User> user(String userName) {
    return find(Kind.USER, userName).map(User.class::cast);
  }

  /** A group. */
  public Optional<Group> group(String groupName) {
    return find(Kind.GROUP, groupName).map(Group.class::cast);
  }

  /** A role. */
  public Optional<Role> role(String roleName) {
    return find(Kind.ROLE, roleName).map(Role.class::cast);
  }

  /** The role that an ARN names exactly: another path or case is another role, which is absent. */
  public Optional<Role> roleOfArn(String arn) {
    return role(arn.substring(arn.lastIndexOf('/') + 1))
        .filter(role -> role.arn(account).toString().equals(arn));
  }

  /** All users. */
  public List<User> users() {
    return all(Kind.USER).values().stream().map(User.class::cast).toList();
  }

  /** A managed policy of the account or of AWS. */
  public Optional<ManagedPolicy> policy(String arn) {
    Optional<ManagedPolicy> ofAws = AwsPolicies.find(arn);
    if (ofAws.isPresent()) {
      return ofAws;
    }
    return find(Kind.POLICY, arn.substring(arn.lastIndexOf('/') + 1))
        .filter(policy -> policy.arn(account).toString().equals(arn))
        .map(ManagedPolicy.class::cast);
  }

  /** The documents in effect on a holder itself. */
  public List<String> documents(Holder holder) {
    List<String> documents = new ArrayList<>(holder.grants().inline().values());
    for (String arn : holder.grants().attached()) {
      policy(arn).ifPresent(policy -> documents.add(policy.current().document()));
    }
    return documents;
  }

  /** The documents in effect on a user, those of its groups among them. */
  public List<String> documentsOf(User user) {
    List<String> documents = new ArrayList<>(documents(user));
    for (String group : user.groups()) {
      group(group).ifPresent(found -> documents.addAll(documents(found)));
    }
    return documents;
  }

  /** Who has a managed policy attached. */
  public List<Holder> holders(String policyArn) {
    List<Holder> holders = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      for (Entity entity : all(kind).values()) {
        if (entity instanceof Holder holder && holder.grants().attached().contains(policyArn)) {
          holders.add(holder);
        }
      }
    }
    return holders;
  }
}
