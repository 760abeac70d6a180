package dev.gatehouse.iam.directory;

import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.iam.service.IamErrors;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A change of an account while it is being made; nothing of it happens before it is durable. */
public final class Draft {
  private final AccountState before;
  private final Map<Kind, SortedMap<String, Entity>> entities = new EnumMap<>(Kind.class);
  private final List<Row> rows = new ArrayList<>();
  private final List<Runnable> afterwards = new ArrayList<>();
  private final long nowMillis;
  private boolean urgent;

  /** What becomes of a row; removed if there is no value. */
  record Row(byte[] key, byte @Nullable [] value) {}

  Draft(AccountState before, long nowMillis) {
    this.before = before;
    this.nowMillis = nowMillis;
    for (Kind kind : Kind.values()) {
      SortedMap<String, Entity> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      copy.putAll(before.all(kind));
      entities.put(kind, copy);
    }
  }

  List<Row> rows() {
    return rows;
  }

  List<Runnable> afterwards() {
    return afterwards;
  }

  /** Takes rights away, which a full disk does not hold up. */
  public void urgent() {
    urgent = true;
  }

  boolean isUrgent() {
    return urgent;
  }

  /** To be run when the change is durable and seen; must not block. */
  public void afterwards(Runnable step) {
    afterwards.add(step);
  }

  /** As it is with the changes so far. */
  public AccountState state() {
    return new AccountState(before.account(), before.name(), entities);
  }

  /** Which account. */
  public Account account() {
    return before.account();
  }

  /** The time of the change. */
  public long nowMillis() {
    return nowMillis;
  }

  private SortedMap<String, Entity> all(Kind kind) {
    return entities.computeIfAbsent(kind, none -> new TreeMap<>(String.CASE_INSENSITIVE_ORDER));
  }

  /**
   * One that must be there.
   *
   * @throws ServiceException NO_SUCH_ENTITY
   */
  public <T extends Entity> T require(Kind kind, String name, Class<T> type) {
    return AccountState.require(all(kind), kind, name, type);
  }

  /**
   * Adds one.
   *
   * @throws ServiceException ENTITY_ALREADY_EXISTS, or IAM_LIMIT_EXCEEDED
   */
  public void create(Entity entity) {
    Kind kind = entity.kind();
    if (all(kind).containsKey(entity.name())) {
      throw new ServiceException(
          IamErrors.ENTITY_ALREADY_EXISTS,
          kind.title() + " with name " + entity.name() + " already exists.");
    }
    if (all(kind).size() >= kind.limit()) {
      throw new ServiceException(
          IamErrors.LIMIT_EXCEEDED,
          "Cannot exceed quota of " + kind.limit() + " for " + kind.word() + "s of an account.");
    }
    put(entity);
  }

  /** Sets one. */
  public void put(Entity entity) {
    all(entity.kind()).put(entity.name(), entity);
    rows.add(new Row(key(entity), EntityCodec.stored(entity)));
  }

  /** Removes one. */
  public void remove(Entity entity) {
    all(entity.kind()).remove(entity.name());
    rows.add(new Row(key(entity), null));
  }

  private byte[] key(Entity entity) {
    return (account() + "\0" + entity.kind().word() + "\0" + entity.name())
        .getBytes(StandardCharsets.UTF_8);
  }
}
