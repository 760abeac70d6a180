package dev.gatehouse.iam.directory;

import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.api.store.Table;
import dev.gatehouse.iam.service.IamErrors;
import dev.gatehouse.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The accounts and what is in them. Reads are of memory. Changes are made one after the other, each
 * on what the one before left, so none can come between another's look and its write; a change is
 * seen when it is durable.
 */
public final class Directory {
  private static final String ENTITIES = "iam.entities";
  private static final String ACCOUNTS = "iam.accounts";
  private static final int FORMAT = 1;
  private static final int PAGE = 200;
  private static final int MAX_ACCOUNTS = 100;

  private final Store store;
  private final Clock clock;
  private final Account first;
  private final AtomicLong revision = new AtomicLong();
  private final Map<String, KeyOwner> keys = new ConcurrentHashMap<>(); // by access key id
  private volatile Map<String, AccountState> accounts; // by id
  private CompletionStage<?> last = CompletableFuture.completedStage(null); // guarded by this

  /** Whose a key is. */
  public record KeyOwner(Account account, User user, AccessKey key) {}

  /** Opens what the store has. */
  public Directory(Store store, Clock clock, Account first) {
    this.store = store;
    this.clock = clock;
    this.first = first;
    Map<String, String> names = new LinkedHashMap<>();
    names.put(first.id(), "default");
    for (Table.Row row : rows(ACCOUNTS)) {
      names.put(
          new String(row.key(), StandardCharsets.UTF_8),
          Json.restored(FORMAT, row.value()).path("name").asText());
    }
    Map<String, Map<Kind, SortedMap<String, Entity>>> all = new HashMap<>();
    for (Table.Row row : rows(ENTITIES)) {
      String[] parts = new String(row.key(), StandardCharsets.UTF_8).split("\0", -1);
      Kind kind = Kind.valueOf(parts[1].toUpperCase(Locale.ROOT));
      all.computeIfAbsent(parts[0], account -> new EnumMap<>(Kind.class))
          .computeIfAbsent(kind, none -> new TreeMap<>())
          .put(parts[2], EntityCodec.restored(kind, row.value()));
    }
    Map<String, AccountState> states = new LinkedHashMap<>();
    names.forEach(
        (id, name) -> {
          Account account = new Account(id, first.region());
          AccountState state =
              new AccountState(account, name, all.getOrDefault(account.toString(), Map.of()));
          states.put(id, state);
          state.users().forEach(user -> index(account, user));
        });
    this.accounts = Map.copyOf(states);
  }

  private List<Table.Row> rows(String name) {
    List<Table.Row> all = new ArrayList<>();
    store.table(name).forEach(PAGE, all::add);
    return all;
  }

  private void index(Account account, User user) {
    user.keys().forEach(key -> keys.put(key.id(), new KeyOwner(account, user, key)));
  }

  /** Grows with each change. */
  public long revision() {
    return revision.get();
  }

  /** Something else changed that rights depend on. */
  public void changed() {
    revision.incrementAndGet();
  }

  /** The accounts, the default one first. */
  public List<AccountState> accounts() {
    return accounts.values().stream()
        .sorted(
            Comparator.comparing((AccountState s) -> !s.account().equals(first))
                .thenComparing(state -> state.account().id()))
        .toList();
  }

  /** An account. */
  public Optional<AccountState> find(String accountId) {
    return Optional.ofNullable(accounts.get(accountId));
  }

  /** An account that must be there: that of a known principal. */
  public AccountState require(Account account) {
    return find(account.id())
        .orElseThrow(
            () ->
                new ServiceException(
                    IamErrors.NO_SUCH_ENTITY, "There is no account " + account.id() + "."));
  }

  /** Whose an access key is, if it exists; it need not be active. */
  public Optional<KeyOwner> key(String accessKeyId) {
    return Optional.ofNullable(keys.get(accessKeyId));
  }

  /**
   * Changes an account.
   *
   * @param change may throw {@link ServiceException}; then nothing happens
   * @return completes with the change's result when it is durable and seen
   */
  public <T> CompletionStage<T> change(Account account, Function<Draft, T> change) {
    return inTurn(
        () -> {
          AccountState before = require(account);
          Draft draft = new Draft(before, clock.millis());
          T result = change.apply(draft);
          return committed(before, draft, new Batch()).thenApply(done -> result);
        });
  }

  /** Changes an account, and has nothing to tell. */
  public CompletionStage<Void> apply(Account account, Consumer<Draft> change) {
    return change(
            account,
            draft -> {
              change.accept(draft);
              return draft;
            })
        .thenAccept(draft -> {});
  }

  /** Makes an account with what a change puts into it. */
  public <T> CompletionStage<T> create(Account account, String name, Function<Draft, T> content) {
    return inTurn(
        () -> {
          if (accounts.containsKey(account.id())) {
            throw new ServiceException(
                IamErrors.ENTITY_ALREADY_EXISTS, "Account " + account.id() + " already exists.");
          }
          if (accounts.size() >= MAX_ACCOUNTS) {
            throw new ServiceException(
                IamErrors.LIMIT_EXCEEDED, "Cannot exceed " + MAX_ACCOUNTS + " accounts.");
          }
          AccountState empty = new AccountState(account, name, Map.of());
          Draft draft = new Draft(empty, clock.millis());
          T result = content.apply(draft);
          byte[] value = Json.stored(FORMAT, Json.object().put("name", name));
          Batch batch =
              new Batch().put(ACCOUNTS, account.id().getBytes(StandardCharsets.UTF_8), value);
          return committed(empty, draft, batch).thenApply(done -> result);
        });
  }

  private interface Step<T> {
    CompletionStage<T> start();
  }

  private <T> CompletionStage<T> inTurn(Step<T> step) {
    CompletableFuture<T> done = new CompletableFuture<>();
    CompletionStage<?> before;
    synchronized (this) {
      before = last;
      last = done;
    }
    before.whenComplete(
        (value, failure) -> {
          CompletionStage<T> stage;
          try {
            stage = step.start();
          } catch (RuntimeException e) {
            stage = CompletableFuture.failedStage(e);
          }
          stage.whenComplete(
              (result, error) -> {
                if (error == null) {
                  done.complete(result);
                } else {
                  done.completeExceptionally(error);
                }
              });
        });
    return done.copy(); // nobody else's to complete
  }

  private CompletionStage<Void> committed(AccountState before, Draft draft, Batch batch) {
    if (draft.rows().isEmpty() && batch.changes().isEmpty()) {
      return CompletableFuture.completedStage(null);
    }
    if (draft.isUrgent()) {
      batch.urgent();
    }
    for (Draft.Row row : draft.rows()) {
      byte[] value = row.value();
      if (value == null) {
        batch.delete(ENTITIES, row.key());
      } else {
        batch.put(ENTITIES, row.key(), value);
      }
    }
    return store
        .commit(batch)
        .thenRun(
            () -> {
              publish(before, draft.state());
              draft.afterwards().forEach(Runnable::run);
            });
  }

  private void publish(AccountState before, AccountState after) {
    Map<String, AccountState> next = new HashMap<>(accounts);
    next.put(after.account().id(), after);
    accounts = Map.copyOf(next);
    Set<String> gone = new HashSet<>();
    before.users().forEach(user -> user.keys().forEach(key -> gone.add(key.id())));
    after.users().forEach(user -> user.keys().forEach(key -> gone.remove(key.id())));
    after.users().forEach(user -> index(after.account(), user));
    gone.forEach(keys::remove);
    changed();
  }
}
