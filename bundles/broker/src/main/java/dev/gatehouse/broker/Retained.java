package dev.gatehouse.broker;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.api.store.StoreUnavailableException;
import dev.gatehouse.api.store.Table;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** The last message of each topic that was to be retained; in the store, and in memory to match. */
final class Retained {
  private static final String TABLE = "broker.retained";
  private static final int PAGE = 200;

  private final Store store;
  private final int limit;
  private final Map<Account, ConcurrentNavigableMap<String, Message>> topics =
      new ConcurrentHashMap<>();

  Retained(Store store, int limit) {
    this.store = store;
    this.limit = limit;
    byte[] from = new byte[0];
    List<Table.Row> page;
    do {
      page = store.table(TABLE).range(from, null, PAGE, Table.Order.ASCENDING);
      for (Table.Row row : page) {
        String key = new String(row.key(), StandardCharsets.UTF_8);
        String account = key.substring(0, key.indexOf('\0'));
        int slash = account.indexOf('/');
        remember(
            MessageCodec.decode(
                new Account(account.substring(0, slash), account.substring(slash + 1)),
                row.value()));
        from = Arrays.copyOf(row.key(), row.key().length + 1);
      }
    } while (page.size() == PAGE);
  }

  private ConcurrentNavigableMap<String, Message> of(Account account) {
    return topics.computeIfAbsent(account, key -> new ConcurrentSkipListMap<>());
  }

  private void remember(Message message) {
    if (message.payload().length() == 0) {
      of(message.account()).remove(message.topic().value());
    } else {
      of(message.account()).put(message.topic().value(), message);
    }
  }

  int size() {
    return topics.values().stream().mapToInt(Map::size).sum();
  }

  /** Keeps a message, or with an empty payload forgets the topic's; completes when durable. */
  CompletionStage<Void> update(Message message) {
    boolean removes = message.payload().length() == 0;
    if (!removes
        && size() >= limit
        && !of(message.account()).containsKey(message.topic().value())) {
      return CompletableFuture.failedFuture(
          new StoreUnavailableException("more than " + limit + " retained messages", false, null));
    }
    byte[] key =
        (message.account() + "\0" + message.topic().value()).getBytes(StandardCharsets.UTF_8);
    Batch batch = new Batch();
    if (removes) {
      batch.delete(TABLE, key);
    } else {
      batch.put(TABLE, key, MessageCodec.encode(message));
    }
    synchronized (this) { // memory must change in the order of the commits
      CompletionStage<Void> done = store.commit(batch);
      remember(message);
      return done;
    }
  }

  /** Those that match, in the order of their topics. */
  List<Message> match(Account account, TopicFilter filter) {
    ConcurrentNavigableMap<String, Message> all = of(account);
    if (!filter.wildcard()) {
      Message message = all.get(filter.value());
      return message == null ? List.of() : List.of(message);
    }
    int wildcard = filter.value().indexOf('+');
    int rest = filter.value().indexOf('#');
    int first = wildcard < 0 ? rest : rest < 0 ? wildcard : Math.min(wildcard, rest);
    String prefix = filter.value().substring(0, Math.max(0, first - 1));
    List<Message> found = new ArrayList<>();
    for (Message message : all.tailMap(prefix, true).values()) {
      if (!message.topic().value().startsWith(prefix)) {
        break;
      }
      if (filter.matches(message.topic())) {
        found.add(message);
      }
    }
    return found;
  }
}
